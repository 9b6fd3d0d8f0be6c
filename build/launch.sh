# Sourced by ./run and ./test with $root set. Finds the .NET SDK and runs Setup.cs, which does the rest on every platform.

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_TELEMETRY_OPTOUT="${DOTNET_CLI_TELEMETRY_OPTOUT-1}"
# Build servers would outlive the command.
export MSBUILDDISABLENODEREUSE=1

setup() {
  if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET SDK is missing: install .NET SDK 10.0 (dotnet must be on the PATH) and try again." >&2
    return 1
  fi
  if ! (cd "$root" && dotnet --version >/dev/null 2>&1); then
    echo "The .NET SDK found is too old: install .NET SDK 10.0 (global.json says which) and try again." >&2
    return 1
  fi
  # In the background, so that a signal sent to this shell alone reaches the set-up and all that it started.
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
