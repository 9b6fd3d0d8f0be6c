using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using BigPanda.Functions.Http;
using Microsoft.Net.Http.Headers;

namespace BigPanda.Functions.Console;

/// <summary>The page's files as the build embedded them, each as it is and compressed. They fit in memory: about 100 KB in all.</summary>
internal static class ConsoleFiles
{
    public const string Page = "index.html";

    private const string Prefix = "console/";

    private static readonly Lazy<FrozenDictionary<(string Name, string? Coding), ConsoleFile>> Files = new(Load);

    public static IEnumerable<string> Names => Files.Value.Keys.Select(key => key.Name).Distinct();

    /// <param name="coding">One of <see cref="ContentCoding"/>; null for the file as it is.</param>
    /// <returns>Null for a file that the page does not have.</returns>
    public static ConsoleFile? Find(string name, string? coding) => Files.Value.GetValueOrDefault((name, coding));

    private static FrozenDictionary<(string Name, string? Coding), ConsoleFile> Load()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(resource => KeyOf(resource[Prefix.Length..]), resource => Read(assembly, resource));
    }

    private static (string Name, string? Coding) KeyOf(string path) => Path.GetExtension(path).TrimStart('.') switch
    {
        ContentCoding.Brotli or ContentCoding.Gzip => (Path.ChangeExtension(path, null), Path.GetExtension(path)[1..]),
        _ => (path, null),
    };

    private static ConsoleFile Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The resource {resource} cannot be read.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        // A strong tag names one sequence of bytes, so each coding has its own.
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..12])}\"");
        return new ConsoleFile(bytes, TypeOf(KeyOf(resource).Name), tag);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}

internal sealed record ConsoleFile(ReadOnlyMemory<byte> Bytes, string ContentType, EntityTagHeaderValue Tag);
