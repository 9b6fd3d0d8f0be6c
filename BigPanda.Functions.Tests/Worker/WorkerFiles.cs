using System.Diagnostics;
using System.Runtime.InteropServices;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>The app's files: published as .github/workflows/deploy.yml does where that works, else the build output beside these tests.</summary>
internal static class WorkerFiles
{
    private static readonly Lazy<string> Prepared = new(() => CanBePublished ? Publish() : Built);

    public static string Folder => Prepared.Value;

    /// <summary>A build on the stand-in refuses to be published.</summary>
    private static bool CanBePublished =>
        ServiceBusExtension.IsReleased && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Configuration and framework, the last two folders, are those of these tests.</summary>
    private static string Built
    {
        get
        {
            var tests = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Checkout.Root, "BigPanda.Functions", "bin", tests.Parent?.Name ?? "", tests.Name);
        }
    }

    /// <summary>Publishes into separate folders, so that the build output stays unchanged: one for each test project, as they run side by side.</summary>
    private static string Publish()
    {
        var folder = Path.Combine(Checkout.Root, "obj", "worker", typeof(WorkerFiles).Assembly.GetName().Name ?? "");
        var app = Path.Combine(folder, "app");
        if (Directory.Exists(app)) Directory.Delete(app, recursive: true);
        string[] arguments =
        [
            "publish", "BigPanda.Functions", "-c", "Release", "-r", "linux-x64", "--self-contained", "false",
            "-o", app, "--artifacts-path", folder, "--disable-build-servers", "-v", "quiet", "-nologo",
        ];
        using var publish = Process.Start(
            new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("dotnet publish was not started.");
        var output = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        Assert.True(publish.ExitCode == 0, $"dotnet publish ended with {publish.ExitCode}: {output}");
        return app;
    }
}
