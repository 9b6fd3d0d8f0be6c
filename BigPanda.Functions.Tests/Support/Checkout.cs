namespace BigPanda.Functions.Tests.Support;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The C# files below a folder, without build output; paths from the root of the repository, with slashes.</summary>
    public static IReadOnlyList<string> CSharpFiles(string folder) => Files(folder, [".cs"]);

    /// <summary>The files with these extensions below a folder, without build output, packages and what .gitignore names.</summary>
    public static IReadOnlyList<string> Files(string folder, IReadOnlyCollection<string> extensions) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file)))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(IsIgnored))
            .Order(StringComparer.Ordinal),
    ];

    public static IReadOnlyList<string> Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static bool IsIgnored(string part) =>
        part is "bin" or "obj" or "node_modules" or "TestResults" or "BenchmarkDotNet.Artifacts" or "local.settings.json"
        || (part[0] == '.' && part is not (".ci" or ".github"));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BigPanda.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No repository above {AppContext.BaseDirectory}.");
    }
}
