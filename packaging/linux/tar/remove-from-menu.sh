#!/bin/sh
# Takes out what add-to-menu.sh put in, and nothing else.
set -eu
cd "$(dirname "$(readlink -f "$0")")"
. ./menu/shared.sh

if is_open; then stop "@NAME@ is open: close it, then try again. Nothing was changed."; fi
cd /
rm -f "$entries/@APP_ID@.desktop" "$icons/@APP_ID@.svg"
rm -rf "$place" "$place.new" "$place.old"
tell "@NAME@ is out of your menu. Your records stay, encrypted, in $data/crisisdesk."
