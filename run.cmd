@echo off
rem Installs what is missing, builds, and starts the local host (options: README.md, or run --help).
setlocal
call "%~dp0build\launch.cmd" run %*
if errorlevel 1 exit /b %ERRORLEVEL%
if "%~1"=="--azure-sdk" (
  shift /1
  shift /1
)
set "ARGUMENTS="
:next
if "%~1"=="" goto start
set ARGUMENTS=%ARGUMENTS% %1
shift /1
goto next
:start
dotnet "%~dp0BigPanda.LocalHost\bin\Release\net10.0\BigPanda.LocalHost.dll" %ARGUMENTS%
exit /b %ERRORLEVEL%
