"""Lists from their first page to their last: the tests of one worker share a database, and its lists grow long."""

import httpx


async def every_page(http: httpx.AsyncClient, address: str, sent: dict[str, str]) -> list[str]:
    """All pages of a list, as they came."""
    pages, after = [], None
    while True:
        page = await http.get(address, params={"limit": 100} | ({"cursor": after} if after else {}), headers=sent)
        pages.append(page.text)
        after = page.json()["next"]
        if after is None:
            return pages
