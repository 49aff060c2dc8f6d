#!/bin/sh
# Copies CrisisDesk into this person's own folder and puts it into the menu. No administrator, no terminal.
set -eu
cd "$(dirname "$(readlink -f "$0")")"
. ./menu/shared.sh

[ -x ./crisisdesk ] || stop "Many USB sticks can't hold a program as such. Copy the archive into your own folder, unpack it there, and run add-to-menu.sh in it."
[ "$(pwd -P)" != "$place" ] || stop "@NAME@ is in your menu already."
if is_open; then stop "@NAME@ is open: close it, then try again. Nothing was changed."; fi

[ -e "$place" ] || [ ! -e "$place.old" ] || mv "$place.old" "$place" # the last time stopped between two steps
if [ -x "$place/crisisdesk" ]; then
	has=$("$place/crisisdesk" --version) || has=0 # one that can't answer is replaced
	has=${has##* }
	newest=$(printf '%s\n%s\n' "$has" "@VERSION@" | sort -V | tail -n 1)
	[ "$newest" = "@VERSION@" ] ||
		stop "Version $has is in your menu already, and this one is older (@VERSION@). Nothing was changed."
fi

# Beside the one that is there, and then in its place: whenever this stops, one whole program is there.
mkdir -p "$(dirname "$place")" "$entries" "$icons"
rm -rf "$place.new" "$place.old"
cp -RP . "$place.new" || { rm -rf "$place.new"; stop "@NAME@ could not be copied: is the disk full? Nothing was changed."; }
chmod -R u+w,go-w "$place.new"
if [ -e "$place" ]; then mv "$place" "$place.old"; fi
mv "$place.new" "$place"
rm -rf "$place.old"

cp "$place/menu/icon.svg" "$icons/@APP_ID@.svg"
quoted=$(printf '%s' "$place/crisisdesk" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g')
while IFS= read -r line; do
	case "$line" in
	Exec=*) printf 'Exec="%s"\n' "$quoted" ;;
	TryExec=*) printf 'TryExec=%s\n' "$place/crisisdesk" ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$place/menu/entry.desktop" >"$entries/@APP_ID@.desktop.new"
mv "$entries/@APP_ID@.desktop.new" "$entries/@APP_ID@.desktop"
tell "@NAME@ @VERSION@ is in your menu now. This folder isn't needed any more."
