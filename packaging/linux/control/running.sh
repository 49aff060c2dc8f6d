is_open() {
	for each in /proc/[0-9]*/exe; do
		case "$(readlink "$each" 2>/dev/null || true)" in
		"@PLACE@"/*) return 0 ;;
		esac
	done
	return 1
}
