using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>The package that ./test restores on Linux, else a bicep on the PATH, else none.</summary>
internal static partial class BicepCompiler
{
    private const string Package = "azure.bicep.commandline.linux-x64";

    public static string? Path { get; } = FromPackage() ?? FromPath();

    /// <summary>Required in CI wherever it can be installed.</summary>
    public static bool IsRequired => OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64 && IsCI;

    public static bool IsCI => Environment.GetEnvironmentVariable("CI") == "true";

    /// <returns>Everything it printed, and its exit code when that is not 0.</returns>
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path ?? throw new InvalidOperationException("There is no Bicep compiler: run ./test once, which restores it."), arguments)
        {
            WorkingDirectory = Checkout.PathOf("infra"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The snapshots come from an environment without variables, and contain no colour codes.
        foreach (var name in ParametersRead()) start.Environment.Remove(name);
        start.Environment["NO_COLOR"] = "1";
        using var compiler = Process.Start(start) ?? throw new InvalidOperationException("The Bicep compiler does not start.");
        var complaints = compiler.StandardError.ReadToEndAsync();
        var output = compiler.StandardOutput.ReadToEnd() + complaints.GetAwaiter().GetResult();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? output : $"exit code {compiler.ExitCode}\n{output}";
    }

    private static IEnumerable<string> ParametersRead() =>
        Directory.EnumerateFiles(Checkout.PathOf("infra"), "*.bicepparam")
            .SelectMany(file => Variable().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value);

    private static string? FromPackage()
    {
        var restored = Checkout.PathOf("build", "bicep", "obj", "project.assets.json");
        if (!File.Exists(restored)) return null;
        var assets = JsonNode.Parse(File.ReadAllText(restored));
        var version = assets?["project"]?["frameworks"]?["net10.0"]?["downloadDependencies"]?[0]?["version"]?.ToString().Trim('[', ']').Split(',')[0] ?? "";
        return (assets?["packageFolders"] as JsonObject ?? [])
            .Select(folder => System.IO.Path.Combine(folder.Key, Package, version, "tools", "bicep")).FirstOrDefault(File.Exists);
    }

    private static string? FromPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? "bicep.exe" : "bicep"))
        .FirstOrDefault(File.Exists);

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'")]
    private static partial Regex Variable();
}

/// <summary>A theory that needs the compiler: skipped without one, but not in CI on Linux.</summary>
internal sealed class CompilerTheoryAttribute : TheoryAttribute
{
    public CompilerTheoryAttribute() =>
        Skip = BicepCompiler.Path is null && !BicepCompiler.IsRequired ? "There is no Bicep compiler here: neither its package nor a bicep on the PATH." : null;
}
