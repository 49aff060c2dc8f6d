"""The verbs of crisisdesk.vault.access at a cost that no product code can ask for."""

from datetime import UTC, datetime
from functools import partial

from crisisdesk.vault import access
from crisisdesk.vault.recovery import RecoveryCode
from crisisdesk.vault.slots import Cost

COST = Cost(memory_kib=64, passes=1, lanes=1)
FLOOR = 64
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)

PASSPHRASE = "unicycle cramp retinal quaking"  # noqa: S105  of no vault but the tests
OTHER_PASSPHRASE = "mobility tablet zoology logistic"  # noqa: S105  as above
CODE = RecoveryCode.parse("00000-00000-00000-00000-00000-0T9S2")
OTHER_CODE = RecoveryCode.random()

create = partial(access.create, now=NOW, cost=COST, floor=FLOOR)
unlock = partial(access.unlock, now=NOW, floor=FLOOR)
unlock_with_recovery = partial(access.unlock_with_recovery, now=NOW, floor=FLOOR)
unlock_with_device = partial(access.unlock_with_device, now=NOW, floor=FLOOR)
change_passphrase = partial(access.change_passphrase, cost=COST, floor=FLOOR)
replace_recovery = partial(access.replace_recovery, cost=COST, floor=FLOOR)
add_recovery = partial(access.add_recovery, cost=COST, floor=FLOOR)
put_handover = partial(access.put_handover, cost=COST, floor=FLOOR)
enable_device = partial(access.enable_device, cost=COST, floor=FLOOR)
disable_device = partial(access.disable_device, floor=FLOOR)
slots_of = partial(access.slots_of, floor=FLOOR)
revoke = partial(access.revoke, floor=FLOOR)
read_header = partial(access.read_header, floor=FLOOR)
