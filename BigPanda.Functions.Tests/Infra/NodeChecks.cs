using System.Diagnostics;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>Runs the checks in build/checks, whose npm packages ./test installs.</summary>
internal static class NodeChecks
{
    public static (int ExitCode, string Output) Run(string script, string input, params string[] arguments)
    {
        var folder = Checkout.PathOf("build", "checks");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException("The checks' npm packages are not installed: run ./test once.");
        var start = new ProcessStartInfo("node", [Path.Combine(folder, script), .. arguments])
        {
            WorkingDirectory = Checkout.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start) ?? throw new InvalidOperationException("Node.js does not start.");
        var complaints = node.StandardError.ReadToEndAsync();
        node.StandardInput.Write(input);
        node.StandardInput.Close();
        var output = node.StandardOutput.ReadToEnd() + complaints.GetAwaiter().GetResult();
        node.WaitForExit();
        return (node.ExitCode, output);
    }
}
