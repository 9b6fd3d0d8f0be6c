@echo off
rem Installs what is missing, builds, checks the format and runs every test. Arguments go to dotnet test (test --filter Name);
rem --long adds the tests in real time.
setlocal
call "%~dp0build\launch.cmd" test %*
exit /b %ERRORLEVEL%
