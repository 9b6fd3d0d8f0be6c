@echo off
rem Sets up what is missing, builds, checks the format and runs every test; arguments go to dotnet test (test --filter Name).
setlocal
call "%~dp0build\launch.cmd" test %*
exit /b %ERRORLEVEL%
