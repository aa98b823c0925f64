"""The page of an archive that people read: what is in it, in Chinese and English, and how its seal is checked."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final, Protocol

_CHECK: Final = """openssl x509 -in certificate.pem -pubkey -noout > key.pem
openssl dgst -sha256 -verify key.pem -signature manifest.sig manifest.json
openssl verify -purpose any -CAfile root.pem -untrusted chain.pem certificate.pem"""
_PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>我的个人信息 · My data</title>
<style>body{{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}td,th{{text-align:left;padding:.2em 1em .2em 0}}
pre{{background:#eee;padding:1em;overflow:auto}}</style></head><body>
<h1>我的个人信息 · Everything that Fuhai holds about me</h1>
<p>生成时间 · Made at: {made_at}</p>
<table><tr><th>文件 · File</th><th>记录数 · Rows</th><th>字节 · Bytes</th></tr>{rows}</table>
{left_out}
<h2>如何验证 · How to check the seal</h2>
<p>manifest.json 列有每个文件的 SHA-256，并由本市电子印章签名；root.pem 可从 /pki/ca.pem 获取。</p>
<p>manifest.json lists the SHA-256 of every file and is signed under the city's seal; root.pem comes from /pki/ca.pem.</p>
<pre>{check}</pre>
</body></html>
"""
_LEFT_OUT: Final = """<h2>未装入的文件 · Files that were left out</h2>
<p>这些文件合计过大，请在云盘中逐个下载。 · Together these are too large; please download them from the cloud disk.</p>
<ul>{names}</ul>"""


class InArchive(Protocol):
    """A file of the archive, as the page shows it."""

    @property
    def name(self) -> str:
        """Its name in the archive."""
        ...

    @property
    def size_bytes(self) -> int:
        """Its length."""
        ...

    @property
    def rows(self) -> int | None:
        """How many rows, if it is a table."""
        ...


class LeftOut(Protocol):
    """A file that isn't in the archive."""

    @property
    def name(self) -> str:
        """Its name."""
        ...


def page_of(files: Sequence[InArchive], left_out: Sequence[LeftOut], made_at: datetime) -> str:
    """The page as HTML; every name is escaped, since people choose names."""
    rows = "".join(
        f'<tr><td><a href="{escape(file.name)}">{escape(file.name)}</a></td>'
        f"<td>{'' if file.rows is None else file.rows}</td><td>{file.size_bytes}</td></tr>"
        for file in files
    )
    names = "".join(f"<li>{escape(file.name)}</li>" for file in left_out)
    return _PAGE.format(
        made_at=escape(made_at.isoformat(timespec="seconds")),
        rows=rows,
        left_out=_LEFT_OUT.format(names=names) if left_out else "",
        check=escape(_CHECK),
    )
