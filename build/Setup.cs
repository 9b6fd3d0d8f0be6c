#:property PublishAot=false
#:property UseSharedCompilation=false

// The set-up of ./run and ./test, on every platform. Uses no packages, because it runs before the first restore.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

Interrupts.Listen();
try
{
    var command = args is ["run" or "test", ..] ? args[0] : throw new SetupFailed("Start Setup.cs through ./run or ./test.");
    var rest = args[1..];
    string? choice = null;
    if (rest is ["--azure-sdk", ..])
        (choice, rest) = rest.Length > 1 ? (rest[1], rest[2..]) : ("", []);

    Tools.RequireNode();
    using (SetupLock.Take())
    {
        var mode = BuildMode.Decide(choice);
        NpmFolder.Install("Azurite", "BigPanda.LocalHost", "azurite");
        if (command == "test") Tests.InstallChecks();
        if (command == "run") Build.HostUnlessUnchanged(mode);
        else Build.Solution(mode);
    }
    return command == "run" ? 0 : Tests.Run(rest);
}
catch (SetupFailed failure)
{
    Console.Error.WriteLine(failure.Message);
    return failure.ExitCode;
}

/// <summary>Ends the set-up; the message is printed.</summary>
sealed class SetupFailed(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode => exitCode;
}

static class Repository
{
    public static string Root { get; } = Directory.GetParent((string)AppContext.GetData("EntryPointFileDirectoryPath")!)!.FullName;
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    public static string? TextOf(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}

/// <summary>Allows one set-up at a time per checkout: ./run and ./test must not build at the same time.</summary>
static class SetupLock
{
    public static FileStream Take()
    {
        var path = Repository.PathOf("obj", "setup.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var printed = false; ; Thread.Sleep(200))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                if (!printed) Console.WriteLine("Waiting for another ./run or ./test to finish its set-up...");
                printed = true;
                Interrupts.ThrowIfAny();
            }
        }
    }
}

static class Tools
{
    private const string Advice = "Install Node.js 20.19, 22.12 or newer with npm (Azurite, the local table storage, and the console need it) and try again.";

    public static void RequireNode()
    {
        var version = Shell.Capture("node", ["--version"]);
        var number = version?.Output.Trim().TrimStart('v') ?? throw new SetupFailed($"Node.js was not found. {Advice}");
        // What the console's build tools run on.
        if (!Version.TryParse(number, out var node) || node is not ({ Major: 20, Minor: >= 19 } or { Major: 22, Minor: >= 12 } or { Major: > 22 }))
            throw new SetupFailed($"Node.js {number} is too old. {Advice}");
        if (FindNpm() is null) throw new SetupFailed($"npm was not found. {Advice}");
    }

    public static string? FindNpm() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm"))
        .FirstOrDefault(File.Exists);
}

static class NpmFolder
{
    public static void Install(string what, params string[] path)
    {
        var folder = Repository.PathOf(path);
        var wanted = Repository.Hash(File.ReadAllText(Path.Combine(folder, "package-lock.json")));
        var stamp = Path.Combine(folder, "node_modules", ".installed-from");
        if (Repository.TextOf(stamp) == wanted) return;
        Console.WriteLine($"Installing {what} from npm...");
        Shell.RunQuietly("npm ci", Tools.FindNpm()!, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
        File.WriteAllText(stamp, wanted);
    }
}

/// <summary>Whether the build uses the Service Bus extension from the feed. Saved in azure-sdk.props, which a plain `dotnet build` also reads.</summary>
sealed record BuildMode(string Mode, string Reason, string PackagesHash)
{
    public const string FileName = "azure-sdk.props";
    private const string Page = "docs/decisions/0001-one-stand-in.md";
    private static readonly string StatePath = Repository.PathOf(FileName);

    private string Text => Mode == "packages" ? $"released packages ({Reason})" : $"released packages, except {FeedProbe.Extension} ({Reason}; {Page})";

    public static BuildMode Decide(string? choice)
    {
        var packages = FeedProbe.Packages();
        var list = Repository.Hash(string.Join('\n', packages));
        var saved = Load();
        var mode = choice switch
        {
            "packages" or "standins" => new BuildMode(choice, "chosen with --azure-sdk", list),
            null when saved?.PackagesHash == list => saved,
            // Without a network the set-up must not wait for the feed at every start.
            null when saved?.PackagesHash == "" && DateTime.UtcNow - File.GetLastWriteTimeUtc(StatePath) < TimeSpan.FromHours(1) => saved,
            null or "ask" => FeedProbe.Run(packages) switch
            {
                { Missing: { } missing } => new("standins", $"the package feed lacks {missing}", list),
                { Responded: true } => new("packages", "the package feed has all of them", list),
                _ => new(saved?.Mode ?? "standins", "the package feed did not respond; --azure-sdk ask tries again", ""),
            },
            _ => throw new SetupFailed($"Unknown value '{choice}': --azure-sdk takes packages, standins or ask."),
        };
        Console.WriteLine($"Build mode: {mode.Text}");
        if (!ReferenceEquals(mode, saved)) mode.Save();
        return mode;
    }

    private static BuildMode? Load()
    {
        if (!File.Exists(StatePath)) return null;
        try
        {
            var properties = XElement.Load(StatePath).Elements("PropertyGroup").Elements().ToDictionary(e => e.Name.LocalName, e => e.Value);
            return properties["AzureSdk"] is "packages" or "standins"
                ? new(properties["AzureSdk"], properties["AzureSdkReason"], properties["AzureSdkAskedFor"])
                : null;
        }
        catch (Exception e) when (e is System.Xml.XmlException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    private void Save() => new XElement("Project",
        new XComment($" Written by ./run and ./test ({Page}). Delete it to check the package feed again. "),
        new XElement("PropertyGroup",
            new XElement("AzureSdk", new XAttribute("Condition", "'$(AzureSdk)' == ''"), Mode),
            new XElement("AzureSdkReason", Reason),
            new XElement("AzureSdkAskedFor", PackagesHash))).Save(StatePath);
}

/// <summary>Restores a project with only the Service Bus extension and its dependencies, under the user's NuGet configuration.</summary>
static partial class FeedProbe
{
    public sealed record Result(bool Responded, string? Missing);

    public const string Extension = "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus";

    public static IReadOnlyList<(string Name, string Version)> Packages() =>
        [.. XElement.Load(Repository.PathOf("Directory.Packages.props")).Elements("ItemGroup")
            .First(group => group.Attribute("Label")?.Value == "ServiceBusExtension").Elements("PackageVersion")
            .Select(e => (e.Attribute("Include")!.Value, e.Attribute("Version")!.Value))];

    public static Result Run(IReadOnlyList<(string Name, string Version)> packages)
    {
        // Inside the checkout, so that the same NuGet.config applies as in the build.
        var folder = Repository.PathOf("obj", "feed-probe");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var project = Path.Combine(folder, "Probe.csproj");
        new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup", new XElement("TargetFramework", "net10.0"), new XElement("NuGetAudit", "false")),
            new XElement("ItemGroup", packages.Select(p =>
                new XElement("PackageReference", new XAttribute("Include", p.Name), new XAttribute("Version", p.Version))))).Save(project);

        string[] alone = ["-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryBuildTargets=false", "-p:ImportDirectoryPackagesProps=false"];
        var restore = Shell.Capture("dotnet", ["restore", project, "--disable-build-servers", "-nologo", .. alone])
            ?? throw new SetupFailed("dotnet is not on the PATH.");
        // A newer version in place of the requested one counts as missing: the build refuses it.
        var missing = ReplacedPackage().Match(restore.Output) is { Success: true } replaced ? replaced : MissingPackage().Match(restore.Output);
        if (restore.ExitCode == 0 && !missing.Success)
            return new(true, null);
        // NU1301: one feed is down. That the other feeds lack the package does not tell what this one has.
        if (!missing.Success || restore.Output.Contains("NU1301", StringComparison.Ordinal))
            return new(false, null);
        var name = missing.Groups["name"].Value;
        var version = missing.Groups["version"] is { Success: true } found ? found.Value : packages.FirstOrDefault(p => p.Name == name).Version;
        return new(true, $"{name} {version}".Trim());
    }

    [GeneratedRegex(@"NU110[123]: Unable to find (?:a stable )?package (?<name>[\w.-]+\w)(?: with version \([>=\s]*(?<version>[\w.+-]+)[^)]*\))?")]
    private static partial Regex MissingPackage();

    [GeneratedRegex(@"NU1603: .* depends on (?<name>Microsoft\.Azure\.(?:Functions\.Worker|WebJobs)\.Extensions\.(?:ServiceBus|Rpc)) "
        + @"\(>= (?<version>[\w.+-]+)\)")]
    private static partial Regex ReplacedPackage();
}

static class Build
{
    private static readonly string Output = Repository.PathOf("BigPanda.LocalHost", "bin", "Release", "net10.0");
    private static readonly string Stamp = Repository.PathOf("obj", "host-built-from");
    private static readonly string[] Generated = ["bin", "obj", "node_modules"];

    public static void HostUnlessUnchanged(BuildMode mode)
    {
        var sources = HashSources(mode);
        if (Repository.TextOf(Stamp) != $"{sources}\n{HashOutput()}")
            Run(Path.Combine("BigPanda.LocalHost", "BigPanda.LocalHost.csproj"), sources);
    }

    public static void Solution(BuildMode mode) => Run("BigPanda.sln", HashSources(mode));

    private static void Run(string target, string sources)
    {
        Console.WriteLine("Building...");
        File.Delete(Stamp);
        Shell.RunQuietly("The build", "dotnet", ["build", target, "-c", "Release", "--disable-build-servers", "-nologo"], Repository.Root);
        File.WriteAllText(Stamp, $"{sources}\n{HashOutput()}");
    }

    /// <summary>Fingerprints every file the host's build reads by path, size and time, not content, which takes milliseconds.</summary>
    private static string HashSources(BuildMode mode) => mode.Mode + HashFiles(
        [.. new DirectoryInfo(Repository.Root).EnumerateFiles().Where(f => f.Name != BuildMode.FileName),
         .. new[] { "BigPanda.Functions", "BigPanda.LocalHost", "standins" }.SelectMany(folder => ListFiles(new DirectoryInfo(Repository.PathOf(folder))))]);

    private static string HashOutput() => Directory.Exists(Output) ? HashFiles(new DirectoryInfo(Output).EnumerateFiles()) : "";

    private static string HashFiles(IEnumerable<FileInfo> files) => Repository.Hash(string.Join('\n',
        files.OrderBy(f => f.FullName, StringComparer.Ordinal).Select(f => $"{f.FullName}|{f.Length}|{f.LastWriteTimeUtc.Ticks}")));

    private static IEnumerable<FileInfo> ListFiles(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(d => !Generated.Contains(d.Name)).SelectMany(ListFiles));
}

static class Tests
{
    private static readonly string Results = Repository.PathOf("TestResults");
    private static readonly string[] Assemblies =
        [.. new[] { "BigPanda.Functions.Tests", "BigPanda.Console.Tests" }.Select(name => Repository.PathOf(name, "bin", "Release", "net10.0", $"{name}.dll"))];

    /// <summary>Characters of a failed test's message that stand in the summary.</summary>
    private const int ShownOfMessage = 1000;

    public static void InstallChecks()
    {
        NpmFolder.Install("the checks for queries and workflows", "build", "checks");
        // If the feed lacks the package, the tests of infra/ use a compiler on the PATH.
        Shell.Capture("dotnet", ["restore", Repository.PathOf("build", "bicep", "Bicep.csproj"), "--disable-build-servers", "-nologo"]);
    }

    public static int Run(string[] options)
    {
        if (options.Contains("--long")) Environment.SetEnvironmentVariable("BIGPANDA_LONG", "1");
        string[] arguments = [.. options.Where(argument => argument != "--long")];
        // The format is checked only when the whole suite runs.
        var formatted = arguments.Length > 0 || IsFormatted();
        var trx = Path.Combine(Results, "tests.trx");
        Directory.CreateDirectory(Results);
        File.Delete(trx);
        var code = Shell.RunOpenly("dotnet",
            ["test", .. Assemblies, "--logger", "console;verbosity=normal", "--logger", $"trx;LogFileName={Path.GetFileName(trx)}",
             "--results-directory", Results, .. arguments, "--", "RunConfiguration.MaxCpuCount=0"]); // 0: the projects side by side.
        var outcomes = Read(trx).ToLookup(o => o.Outcome switch { "Passed" => "passed", "NotExecuted" => "skipped", _ => "failed" });
        var (passed, failed, skipped) = (outcomes["passed"].Count(), outcomes["failed"].Count(), outcomes["skipped"].Count());
        // Again at the end, where they are found in a log of thousands of lines, or in its last part alone.
        foreach (var (name, outcome, why) in outcomes["failed"]) Console.WriteLine($"{outcome}: {name}{Environment.NewLine}{why}");
        if (code != 0 && failed == 0) Console.WriteLine($"The test run ended early (exit code {code}).");
        if (passed + failed == 0) Console.WriteLine("No tests ran.");
        if (!formatted)
        {
            failed++;
            Console.WriteLine("The format check failed (see above) and counts as a failed test. Run `dotnet format whitespace BigPanda.sln`.");
        }
        Console.WriteLine(skipped > 0 ? $"{passed} passed, {failed} failed, {skipped} skipped" : $"{passed} passed, {failed} failed");
        return code != 0 ? code : passed > 0 && failed == 0 ? 0 : 1;
    }

    private static bool IsFormatted()
    {
        Console.WriteLine("Checking the format...");
        // Whitespace only: style and analyzer findings already fail the build.
        var check = Shell.Capture("dotnet", ["format", "whitespace", "BigPanda.sln", "--verify-no-changes", "--no-restore"]);
        if (check is not { ExitCode: 0 }) Console.WriteLine(check?.Output);
        return check is { ExitCode: 0 };
    }

    private static List<(string? Name, string? Outcome, string? Why)> Read(string trx) => !File.Exists(trx) ? [] :
        [.. XElement.Load(trx).Descendants().Where(e => e.Name.LocalName == "UnitTestResult").Select(result => (
            result.Attribute("testName")?.Value, result.Attribute("outcome")?.Value,
            result.Descendants().FirstOrDefault(e => e.Name.LocalName == "Message")?.Value is { } why ? why[..Math.Min(why.Length, ShownOfMessage)] : null))];
}

static class Shell
{
    public sealed record Finished(int ExitCode, string Output);

    /// <summary>Null if the program does not exist.</summary>
    public static Finished? Capture(string program, IEnumerable<string> arguments, string? folder = null)
    {
        try
        {
            var output = new StringBuilder();
            var code = Finish(program, arguments, folder ?? Repository.Root, line => { lock (output) output.AppendLine(line); });
            return new(code, output.ToString());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public static void RunQuietly(string what, string program, IEnumerable<string> arguments, string folder)
    {
        var finished = Capture(program, arguments, folder) ?? throw new SetupFailed($"{program} is not on the PATH.");
        if (finished.ExitCode == 0) return;
        Console.WriteLine(finished.Output);
        throw new SetupFailed($"{what} failed (exit code {finished.ExitCode}); its output is above.");
    }

    public static int RunOpenly(string program, IEnumerable<string> arguments) => Finish(program, arguments, Repository.Root, keep: null);

    private static int Finish(string program, IEnumerable<string> arguments, string folder, Action<string?>? keep)
    {
        // Standard input is closed, so that no child waits for input in CI.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true };
        start.RedirectStandardOutput = start.RedirectStandardError = keep is not null;
        using var process = new Process { StartInfo = start };
        Interrupts.ThrowIfAny();
        process.Start();
        using var interrupt = Interrupts.Token.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        if (keep is not null)
        {
            process.OutputDataReceived += (_, line) => keep(line.Data);
            process.ErrorDataReceived += (_, line) => keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }
        process.WaitForExit();
        Interrupts.ThrowIfAny();
        return process.ExitCode;
    }
}

/// <summary>Ctrl+C, SIGTERM or a closed terminal: ends the running child process with its children, then the set-up.</summary>
static class Interrupts
{
    private static readonly CancellationTokenSource Source = new();
    private static PosixSignalRegistration[] registrations = [];
    private static int exitCode;

    public static CancellationToken Token => Source.Token;

    public static void Listen() => registrations =
        [.. new[] { (PosixSignal.SIGINT, 130), (PosixSignal.SIGTERM, 143), (PosixSignal.SIGHUP, 129) }
            .Select(s => PosixSignalRegistration.Create(s.Item1, signal => End(signal, s.Item2)))];

    public static void ThrowIfAny()
    {
        if (exitCode != 0) throw new SetupFailed("Interrupted.", exitCode);
    }

    private static void End(PosixSignalContext signal, int code)
    {
        signal.Cancel = true;
        exitCode = code;
        Source.Cancel();
    }
}
