"""What a computer tells of its disks and accounts, on trees like Linux' own; and what she reads of it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from crisisdesk import computer
from crisisdesk.computer import Computer, Disks, Told, may_do_everything
from crisisdesk.desk import Desk
from crisisdesk.desk.this_computer import lines
from crisisdesk.records.practice import Setting

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux’s way to ask")
HERS = Path("/home/dana/.local/share/crisisdesk/vault")
CRYPT, LVM = "CRYPT-LUKS2-0f1e-luks", "LVM-abcdef"
YES, NO, UNTOLD = Told.YES, Told.NO, Told.UNTOLD

WELL = Computer(
    is_disk_encrypted=YES,
    is_swap_encrypted=YES,
    is_administrator=NO,
    is_program_writable=NO,
    is_program_whole=YES,
    is_folder_private=YES,
    is_memory_closed=YES,
)


class Tree:
    """A folder with proc, sys and dev as Linux has them."""

    def __init__(self, root):
        self.root = root
        self.disks = Disks(root)
        for folder in ("proc/self", "sys/dev/block", "sys/class/block", "sys/devices", "dev/mapper"):
            (root / folder).mkdir(parents=True)

    def device(self, name, number, *, uuid="", on=(), inside=""):
        """A disk; a partition ``inside`` one; a volume with a uuid, ``on`` others."""
        folder = self.root / "sys/devices" / inside / name
        (folder / "slaves").mkdir(parents=True)
        if inside:
            (folder / "partition").write_text("1\n")
            (folder / "slaves").rmdir()  # a partition has none of its own
        if uuid:
            (folder / "dm").mkdir()
            (folder / "dm/uuid").write_text(f"{uuid}\n")
        for each in on:
            (folder / "slaves" / each).symlink_to((self.root / "sys/class/block" / each).resolve())
        (self.root / "sys/dev/block" / number).symlink_to(folder)
        (self.root / "sys/class/block" / name).symlink_to(folder)
        (self.root / "dev" / name).touch()

    def name(self, name, device):
        """Another name of a device, as /dev/mapper has them."""
        (self.root / "dev/mapper" / name).symlink_to(f"../{device}")

    def mount(self, at, number, source="/dev/sda1", kind="ext4"):
        line = f"22 1 {number} / {at} rw,relatime shared:1 - {kind} {source} rw\n"
        with (self.root / "proc/self/mountinfo").open("a") as file:
            file.write(line)

    def swap(self, *used):
        """Where memory goes: pairs of a name and "partition" or "file"."""
        rows = [f"{name}\t\t{kind}\t4194300\t0\t-2" for name, kind in used]
        (self.root / "proc/swaps").write_text("\n".join(["Filename\tType\tSize\tUsed\tPriority", *rows]) + "\n")

    def ordinary(self):
        """A disk with a plain root and an encrypted home."""
        self.device("sda", "8:0")
        self.device("sda1", "8:1", inside="sda")
        self.device("sda2", "8:2", inside="sda")
        self.device("dm-0", "253:0", uuid=CRYPT, on=("sda2",))
        self.name("home", "dm-0")
        self.mount("/", "8:1")


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "root")


def test_a_folder_on_an_encrypted_volume_is_encrypted(tree):
    tree.ordinary()
    assert tree.disks.encrypted_under(HERS) is NO
    tree.mount("/home", "253:0", "/dev/mapper/home")
    assert tree.disks.encrypted_under(HERS) is YES
    assert tree.disks.encrypted_under(Path("/homely/vault")) is NO


def test_of_two_disks_mounted_at_one_place_the_later_counts_and_a_blank_in_its_name_is_read(tree):
    tree.ordinary()
    tree.mount(r"/home/dana\040w", "253:0")
    tree.mount(r"/home/dana\040w", "8:1")
    assert tree.disks.encrypted_under(Path("/home/dana w/vault")) is NO
    tree.mount(r"/home/dana\040w", "253:0")
    assert tree.disks.encrypted_under(Path("/home/dana w/vault")) is YES


@pytest.mark.parametrize(
    ("below", "told"),
    [
        (("dm-0",), YES),  # a volume group on one encrypted partition
        (("dm-0", "dm-1"), YES),
        (("dm-0", "sda1"), NO),  # half of it in the clear
        (("sda1",), NO),
        (("dm-0", "loop0"), UNTOLD),  # a file that lies who knows where
        (("loop0", "sda1"), NO),
    ],
)
@pytest.mark.parametrize("name", ["dm-7", "md0"])  # a volume, a mirror
def test_what_stands_on_several_disks_is_encrypted_if_all_are(tree, below, told, name):
    tree.ordinary()
    tree.device("sda3", "8:3", inside="sda")
    tree.device("dm-1", "253:1", uuid=CRYPT, on=("sda3",))
    tree.device("loop0", "7:0")
    tree.device(name, "9:0", uuid=LVM if name == "dm-7" else "", on=below)
    tree.mount("/home", "9:0")
    assert tree.disks.encrypted_under(HERS) is told


def test_a_partition_of_a_mirror_is_as_the_mirror(tree):
    tree.ordinary()
    tree.device("md0", "9:0", on=("dm-0",))
    tree.device("md0p1", "259:0", inside="md0")
    tree.mount("/home", "259:0")
    assert tree.disks.encrypted_under(HERS) is YES


@pytest.mark.parametrize(("source", "told"), [("/dev/mapper/home", YES), ("/dev/sda1", NO), ("pool/home", UNTOLD)])
def test_a_file_system_with_a_number_of_its_own_is_found_by_the_name_of_its_disk(tree, source, told):
    tree.ordinary()
    tree.mount("/home", "0:41", source, "btrfs")
    assert tree.disks.encrypted_under(HERS) is told


@pytest.mark.parametrize(
    ("number", "source"),
    [("0:50", "tmpfs"), ("0:51", "overlay"), ("8:99", "/dev/gone"), ("7:0", "/dev/loop0"), ("", "")],
)
def test_what_the_system_does_not_know_is_untold(tree, number, source):
    tree.device("loop0", "7:0")
    if number:
        tree.mount("/", number, source)
    assert tree.disks.encrypted_under(HERS) is UNTOLD


@pytest.mark.parametrize("uuid", [LVM, "CACHE-CRYPT-1", "mpath-CRYPT-1"])
def test_a_volume_that_is_no_encrypted_one_is_as_what_it_stands_on(tree, uuid):
    tree.ordinary()
    tree.device("dm-7", "253:7", uuid=uuid, on=("sda1",))
    tree.mount("/home", "253:7")
    assert tree.disks.encrypted_under(HERS) is NO


def test_a_volume_that_stands_on_itself_is_untold_and_soon(tree):
    tree.device("dm-0", "253:0", uuid=LVM)
    (tree.root / "sys/devices/dm-0/slaves/dm-0").symlink_to(tree.root / "sys/devices/dm-0")
    tree.mount("/", "253:0")
    assert tree.disks.encrypted_under(HERS) is UNTOLD


@pytest.mark.parametrize(
    ("used", "told"),
    [
        ((), YES),
        ((("/dev/zram0", "partition"),), YES),
        ((("/dev/dm-0", "partition"),), YES),
        ((("/dev/mapper/home", "partition"),), YES),
        ((("/dev/sda1", "partition"),), NO),
        ((("/dev/zram0", "partition"), ("/dev/sda1", "partition")), NO),
        ((("/dev/gone", "partition"),), UNTOLD),
        ((("/dev/gone", "partition"), ("/dev/sda1", "partition")), NO),
        ((("/swap.img", "file"),), NO),
        ((("/its\\040own/swap.img", "file"),), YES),
        ((("/home/swap.img", "file"),), YES),
    ],
)
def test_memory_that_is_put_away_is_as_the_disk_it_goes_to(tree, used, told):
    tree.ordinary()
    tree.device("zram0", "252:0")
    tree.mount("/home", "253:0")
    tree.mount(r"/its\040own", "253:0")
    tree.swap(*used)
    assert tree.disks.swap_encrypted() is told


def test_memory_is_untold_where_the_system_says_nothing_of_it(tree):
    assert tree.disks.swap_encrypted() is UNTOLD


@pytest.mark.parametrize(
    ("user", "groups", "told"),
    [(0, [0], YES), (1000, [1000, 27], YES), (1000, [10], YES), (1000, [1000, 4], NO), (1000, [], NO)],
)
def test_root_and_who_may_become_root_is_an_administrator(tmp_path, user, groups, told):
    file = tmp_path / "group"
    file.write_text("root:x:0:\nadm:x:4:syslog\nsudo:x:27:dana\nwheel:x:10:\nodd\ndana:x:1000:\n")
    assert may_do_everything(user, groups, file) is told
    assert may_do_everything(1000, groups, tmp_path / "gone") is UNTOLD


@LINUX
def test_a_folder_that_others_may_enter_is_not_private(tmp_path):
    tmp_path.chmod(0o700)
    assert computer.is_private(tmp_path) is YES
    for mode in (0o750, 0o701, 0o704):
        tmp_path.chmod(mode)
        assert computer.is_private(tmp_path) is NO
    assert computer.is_private(tmp_path / "gone") is UNTOLD


_AS_NOBODY = """
import os, sys
sys.path.insert(0, sys.argv[1])
from crisisdesk import computer
from pathlib import Path
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
print(*(computer.is_writable(Path(each)).value for each in sys.argv[2:]))
print(*(computer.is_private(Path(each)).value for each in ("/usr", "/root")))
"""


@LINUX
def test_a_program_is_writable_by_who_owns_it_or_may_write_and_by_no_other(tmp_path):
    root = str(Path(computer.__file__).parents[1])
    command = [sys.executable, "-c", _AS_NOBODY, root, "/usr", "/tmp", "/no/such/folder"]  # noqa: S108  only asked about
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == [
        "no",
        "yes",
        "untold",
        *("no", "no"),  # open to all; and closed, but another's
    ]
    tmp_path.chmod(0o500)  # its owner can give herself the right
    assert computer.is_writable(tmp_path) is YES
    assert not list(tmp_path.iterdir())


_CLOSED = """
import sys
sys.path.insert(0, sys.argv[1])
from crisisdesk import computer, hardening
import resource
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
before = computer.is_memory_closed().value
hardening.harden()
print(before, computer.is_memory_closed().value)
"""


@LINUX
def test_memory_is_closed_once_the_process_is_hardened_and_not_before():
    command = [sys.executable, "-c", _CLOSED, str(Path(computer.__file__).parents[1])]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["no", "yes"]


def test_a_look_at_this_very_computer_needs_no_right_and_changes_nothing(tmp_path):
    folder = tmp_path / "vault"
    folder.mkdir(mode=0o700)
    before = folder.stat()
    found = computer.look(folder)
    assert all(isinstance(each, Told) for each in vars(found).values())
    assert folder.stat() == before
    assert computer.look(tmp_path / "gone").is_folder_private is UNTOLD


# In words -----------------------------------------------------------------------------------------------------------


def test_where_all_is_well_nothing_is_advised_but_what_only_she_can_tell():
    told = lines(WELL, is_heard=YES, keyring="")
    assert [line.id for line in told if line.is_well is not True] == ["own"]
    assert [line.id for line in told if line.advice] == ["own"]
    assert all(line.words and line.reason for line in told)


@pytest.mark.parametrize("field", list(vars(WELL)))
@pytest.mark.parametrize("is_bad", [True, False])
def test_what_is_not_well_or_untold_comes_first_with_what_to_do(field, is_bad):
    good = getattr(WELL, field)
    told = UNTOLD if not is_bad else NO if good is YES else YES
    first = lines(replace(WELL, **{field: told}), is_heard=YES, keyring="")[0]
    assert first.is_well is (False if is_bad else None)
    assert first.advice
    assert first.words.endswith("It does not say") is not is_bad


def test_no_fact_is_left_out_and_none_reads_the_same_whatever_the_computer_says():
    seen = {
        told: {
            line.id: line.words
            for line in lines(Computer(**dict.fromkeys(vars(WELL), told)), is_heard=told, keyring="")
        }
        for told in Told
    }
    assert len(seen[YES]) == len(vars(WELL)) + 3  # the computer's own lock, whose account it is, the keyring
    for name in seen[YES].keys() - {"own", "keyring"}:
        assert len({seen[told][name] for told in Told}) == 3


def test_only_an_unheard_lock_is_said_to_lock_after_two_minutes():
    advice = {told: {line.id: line.advice for line in lines(WELL, is_heard=told, keyring="")}["heard"] for told in Told}
    assert advice[YES] == ""
    assert "two minutes" in advice[NO]
    assert advice[UNTOLD] == "Press Ctrl+L when you leave."


def test_a_keyring_that_cannot_be_used_is_told_but_is_no_fault():
    last = [lines(WELL, is_heard=YES, keyring=why)[-1] for why in ("The keyring is locked.", None, "")]
    assert [line.is_well for line in last] == [None, None, True]
    assert [line.advice for line in last] == ["The keyring is locked.", "", ""]


# The warning --------------------------------------------------------------------------------------------------------


def test_an_administrator_is_warned_until_she_knows_and_in_the_next_session_too(open_store, clock):
    for _session in range(2):
        desk = Desk(open_store(), clock)
        assert not desk.this_computer.should_warn()
        desk.this_computer.account = YES
        assert desk.this_computer.should_warn()
        desk.close()
    desk = Desk(open_store(), clock)
    desk.this_computer.account = YES
    desk.this_computer.warned()
    desk.this_computer.warned()
    assert not desk.this_computer.should_warn()
    assert desk.undo_label is None
    desk.close()
    desk = Desk(open_store(), clock)
    desk.this_computer.account = YES
    assert not desk.this_computer.should_warn()
    desk.practice.get()  # reads what it knows among all settings
    desk.close()


@pytest.mark.parametrize("account", [NO, UNTOLD])
def test_nobody_else_is_warned_and_nothing_is_written(store, clock, account):
    desk = Desk(store, clock)
    desk.this_computer.account = account
    assert not desk.this_computer.should_warn()
    with store.read() as s:
        assert not list(s.execute(select(Setting.key)).scalars())


def test_a_look_is_taken_at_the_folder_of_her_own_vault(store, clock):
    desk = Desk(store, clock)
    asked = []

    def take(folder):
        asked.append(folder)
        return WELL

    desk.this_computer.take = take
    assert desk.this_computer.look().run() is WELL
    assert asked == [store.paths.folder]
