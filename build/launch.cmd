@echo off
rem Called by run.cmd and test.cmd. Checks the .NET SDK and runs Setup.cs, which is the same on every platform.
set DOTNET_CLI_UI_LANGUAGE=en
set DOTNET_NOLOGO=1
set DOTNET_GENERATE_ASPNET_CERTIFICATE=false
if not defined DOTNET_CLI_TELEMETRY_OPTOUT set DOTNET_CLI_TELEMETRY_OPTOUT=1
rem Build servers would keep running after the command.
set MSBUILDDISABLENODEREUSE=1

where dotnet >nul 2>nul
if errorlevel 1 (
  echo The .NET SDK was not found. Install .NET SDK 10.0, put dotnet on the PATH, and try again. 1>&2
  exit /b 1
)
pushd "%~dp0.."
dotnet --version >nul 2>nul
if errorlevel 1 (
  echo The .NET SDK is too old. Install .NET SDK 10.0 ^(the version in global.json^) and try again. 1>&2
  popd
  exit /b 1
)
dotnet run --file build\Setup.cs -- %*
set SETUP_CODE=%ERRORLEVEL%
popd
exit /b %SETUP_CODE%
