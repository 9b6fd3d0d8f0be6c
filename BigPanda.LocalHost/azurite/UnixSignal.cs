using System.Runtime.InteropServices;

namespace BigPanda.LocalHost.Azurite;

internal static class UnixSignal
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    /// <summary>False on Windows, which has no signals, or if the process is gone.</summary>
    public static bool TrySend(int processId, int signal) => !OperatingSystem.IsWindows() && Kill(processId, signal) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
