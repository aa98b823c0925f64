"""This room's refusals."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class NodeNotFound(NotFound):
    """No such file or folder in the citizen's disk."""

    code = "node_not_found"
    title = Words(zh="未找到该文件或文件夹。", en="There's no such file or folder in your disk.")


class NameTaken(Conflict):
    """The folder holds something of that name already."""

    code = "name_taken"
    title = Words(zh="此处已有同名文件或文件夹。", en="There's already something of this name here.")


class NotAFolder(Unprocessable):
    """A file can't hold anything."""

    code = "not_a_folder"
    title = Words(zh="目标不是文件夹。", en="This isn't a folder.")


class FolderTooDeep(Unprocessable):
    """Folders nested beyond the limit."""

    code = "folder_too_deep"
    title = Words(zh="文件夹层级过深。", en="Folders are nested too deeply.")


class FileTooLarge(Unprocessable):
    """A file above the limit for one file."""

    code = "file_too_large"
    title = Words(zh="文件超过单个文件大小上限。", en="The file is larger than a file may be.")


class DiskFull(Conflict):
    """The citizen's disk has no room for this."""

    code = "disk_full"
    title = Words(zh="云盘空间不足。", en="There isn't enough room in your disk.")


class BytesMissing(Conflict):
    """The upload was called complete before its bytes had come."""

    code = "bytes_missing"
    title = Words(zh="文件内容尚未上传完成。", en="The file's bytes haven't arrived yet.")


class FileNotReady(Conflict):
    """The file is still being checked, or was refused by the check."""

    code = "file_not_ready"
    title = Words(zh="文件尚未就绪。", en="The file isn't ready.")


class MoveIntoItself(Unprocessable):
    """A folder can't go into itself or below."""

    code = "move_into_itself"
    title = Words(zh="不能把文件夹移动到其自身之内。", en="A folder can't be moved into itself.")
