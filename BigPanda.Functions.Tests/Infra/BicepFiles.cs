using System.Diagnostics;
using System.Text.Json;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>Every Bicep file under infra/, read once for the whole run. The parser is an npm package that ./test installs.</summary>
internal static class BicepFiles
{
    private static readonly Lazy<IReadOnlyList<BicepFile>> Read = new(Parse);

    public static IReadOnlyList<BicepFile> All => Read.Value;

    public static IEnumerable<BicepFile> Templates => All.Where(file => file.Using is null);

    public static BicepFile Main => Named("main.bicep");

    public static BicepFile Named(string name) => All.Single(file => file.Name == name);

    private static IReadOnlyList<BicepFile> Parse()
    {
        var parser = Repository.PathOf("build", "bicep");
        if (!Directory.Exists(Path.Combine(parser, "node_modules"))) throw new InvalidOperationException("The Bicep parser is not installed: run ./test once.");

        var files = new[] { "*.bicep", "*.bicepparam" }.SelectMany(pattern => Directory.EnumerateFiles(Repository.PathOf("infra"), pattern, SearchOption.AllDirectories));
        var start = new ProcessStartInfo("node", [Path.Combine(parser, "parse.mjs"), .. files.Order(StringComparer.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start) ?? throw new InvalidOperationException("Node.js does not start.");
        var complaint = node.StandardError.ReadToEndAsync();
        var json = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        if (node.ExitCode != 0) throw new InvalidOperationException($"The Bicep parser failed: {complaint.Result}");
        return JsonSerializer.Deserialize<BicepFile[]>(json, JsonSerializerOptions.Web) ?? [];
    }
}
