using System.Runtime.InteropServices;

namespace BigPanda.LocalHost.Azurite;

internal static class UnixSignal
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    /// <summary>False where there are no signals to send (Windows), or nobody to receive this one.</summary>
    public static bool TrySend(int processId, int signal) => !OperatingSystem.IsWindows() && Kill(processId, signal) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
