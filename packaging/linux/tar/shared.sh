# What add-to-menu.sh and remove-from-menu.sh share: the places, and how to say something with and without a terminal.
data=${XDG_DATA_HOME:-$HOME/.local/share}
place=$(cd "$HOME" && pwd -P)/.local/lib/crisisdesk
entries=$data/applications
icons=$data/icons/hicolor/scalable/apps

tell() {
	if [ -t 1 ]; then
		printf '%s\n\nPress Enter to close this. ' "$1"
		read -r _ || true
	elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v zenity >/dev/null; then
		zenity --info --title="@NAME@" --no-markup --text="$1" 2>/dev/null || true
	elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v kdialog >/dev/null; then
		kdialog --title "@NAME@" --msgbox "$1" 2>/dev/null || true
	else
		printf '%s\n' "$1"
	fi
}

stop() {
	tell "$1"
	exit 1
}

# By what it was started as: an open program keeps everything else about itself from everybody, this script included.
is_open() {
	for each in /proc/[0-9]*; do
		name=
		read -r name <"$each/comm" || continue
		[ "$name" = crisisdesk ] || continue
		case "$(tr '\0' '\n' <"$each/cmdline" | head -n 1)" in
		"$place/crisisdesk") return 0 ;;
		esac
	done 2>/dev/null # some end while they are looked at
	return 1
}
