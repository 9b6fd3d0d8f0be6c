using BigPanda.Functions.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>A type that a file of the app uses, as the compiler sees it: named, qualified, inferred or called alike.</summary>
/// <param name="Folder">The using file's folder below the app's; empty at its top.</param>
/// <param name="Assembly">Where the type is declared; empty for the app itself.</param>
/// <param name="IsNamed">The file names the type; otherwise it is inferred, or is that of a member.</param>
/// <param name="Target">The folder that declares the type, if it is the app's; else its namespace.</param>
internal sealed record AppReference(string File, string Folder, string Assembly, string Target, string Type, bool IsNamed)
{
    public bool Composes => AppReferences.Composes(File);
}

internal static class AppReferences
{
    public const string App = "BigPanda.Functions";

    /// <summary>What the SDK adds to every file (ImplicitUsings).</summary>
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly Lazy<IReadOnlyList<AppReference>> Cached = new(Read);

    public static IReadOnlyList<AppReference> All => Cached.Value;

    /// <summary>Those with a file that composes nothing.</summary>
    public static IEnumerable<string> Folders => Checkout.CSharpFiles(App).Where(file => !Composes(file)).Select(FolderOf).Distinct();

    public static bool Composes(string file) => FolderOf(file).Length == 0 || file.EndsWith("Services.cs", StringComparison.Ordinal);

    private static string FolderOf(string file) => file.LastIndexOf('/') is var end && end > App.Length ? file[(App.Length + 1)..end] : "";

    private static List<AppReference> Read()
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = Checkout.CSharpFiles(App).Select(file => CSharpSyntaxTree.ParseText(Checkout.Text(file), parse, file)).ToList();
        var compilation = CSharpCompilation.Create(App, [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, parse)], Assemblies());
        return [.. trees.AsParallel().SelectMany(tree => Of(tree, compilation)).Distinct()];
    }

    private static IEnumerable<MetadataReference> Assemblies() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("BigPanda.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static IEnumerable<AppReference> Of(SyntaxTree tree, CSharpCompilation compilation)
    {
        var model = compilation.GetSemanticModel(tree);
        return
            from node in tree.GetRoot().DescendantNodes()
            where node is ExpressionSyntax and not (LiteralExpressionSyntax or IdentifierNameSyntax { IsVar: true })
            from used in TypesOf(node, model)
            select Reference(tree.FilePath, used.Type.OriginalDefinition, used.IsNamed);
    }

    private static IEnumerable<(INamedTypeSymbol Type, bool IsNamed)> TypesOf(SyntaxNode node, SemanticModel model)
    {
        var info = model.GetSymbolInfo(node);
        // A call whose generated half is missing here has candidates.
        IEnumerable<ISymbol> symbols = info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
        foreach (var one in symbols)
        {
            if (one is INamedTypeSymbol type) yield return (type, true);
            else if (one.ContainingType is { } owner) yield return (owner, false);
        }

        foreach (var type in Parts(model.GetTypeInfo(node).Type)) yield return (type, false);
    }

    private static IEnumerable<INamedTypeSymbol> Parts(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => Parts(array.ElementType),
        INamedTypeSymbol named => [named, .. named.TypeArguments.SelectMany(Parts)],
        _ => [],
    };

    private static AppReference Reference(string file, INamedTypeSymbol type, bool isNamed)
    {
        var declared = type.DeclaringSyntaxReferences is [var first, ..] ? first.SyntaxTree.FilePath : null;
        return declared is { Length: > 0 }
            ? new AppReference(file, FolderOf(file), "", FolderOf(declared), type.Name, isNamed)
            : new AppReference(
                file, FolderOf(file), type.ContainingAssembly?.Name ?? "", type.ContainingNamespace?.ToDisplayString() ?? "", type.Name, isNamed);
    }
}
