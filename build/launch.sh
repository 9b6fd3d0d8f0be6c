# Sourced by ./run and ./test with $root set. Checks the .NET SDK and runs Setup.cs, which is the same on every platform.

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_TELEMETRY_OPTOUT="${DOTNET_CLI_TELEMETRY_OPTOUT-1}"
# Build servers would keep running after the command.
export MSBUILDDISABLENODEREUSE=1

setup() {
  if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET SDK was not found. Install .NET SDK 10.0, put dotnet on the PATH, and try again." >&2
    return 1
  fi
  if ! (cd "$root" && dotnet --version >/dev/null 2>&1); then
    echo "The .NET SDK is too old. Install .NET SDK 10.0 (the version in global.json) and try again." >&2
    return 1
  fi
  # In the background, so that a signal sent only to this shell reaches the set-up and its children.
  (cd "$root" && exec dotnet run --disable-build-servers --file build/Setup.cs -- "$@") &
  local pid=$! code=0
  trap 'kill -TERM "$pid" 2>/dev/null' INT TERM HUP
  wait "$pid" || code=$?
  while kill -0 "$pid" 2>/dev/null; do
    code=0
    wait "$pid" || code=$?
  done
  trap - INT TERM HUP
  return "$code"
}
