# supervisor.sh PROGRAM ARGUMENT…: runs the program, and starts it again when it ends without being asked to stop.
program=$1
shift
stopped=
trap 'stopped=yes; kill -TERM "$running" 2>/dev/null' TERM
while :; do
  # It never outlives this supervisor.
  setpriv --pdeathsig KILL "$program" "$@" &
  running=$!
  # A signal ends the first wait, and not the program.
  wait "$running"
  status=$?
  while kill -0 "$running" 2>/dev/null; do
    wait "$running"
    status=$?
  done
  [ -z "$stopped" ] || exit "$status"
done
