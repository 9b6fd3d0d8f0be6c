using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Console;

/// <summary>
/// The console: one page, whose address says what it shows, and its files. They contain no data, so they need no key: the page asks for
/// one and calls the API with it. The routes have a fixed number of segments, because the Functions host does not choose among
/// overlapping routes by specificity (azure-functions-host issue 9876), and <c>console/api/…</c> must stay free.
/// </summary>
public sealed class ConsoleFunction
{
    [Function("Console")]
    public static IResult Index([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "console")] HttpRequest request) =>
        Send(request, ConsoleFiles.Page);

    [Function("ConsolePage")]
    public static IResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "console/{page}")] HttpRequest request, string page)
    {
        ArgumentNullException.ThrowIfNull(page);
        // The page itself says so when it has no view of this name. A name with a dot is a file that a browser looks for, such as favicon.ico.
        return page.Contains('.', StringComparison.Ordinal) ? NotFound() : Send(request, ConsoleFiles.Page);
    }

    [Function("ConsoleAsset")]
    public static IResult Asset([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "console/assets/{file}")] HttpRequest request, string file) =>
        Send(request, $"assets/{file}");

    private static IResult Send(HttpRequest request, string name)
    {
        ArgumentNullException.ThrowIfNull(request);
        var coding = ContentCoding.Choose(request);
        if (ConsoleFiles.Find(name, coding) is not { } file) return NotFound();
        var response = request.HttpContext.Response;
        ConsoleHeaders.Set(response, isFingerprinted: name != ConsoleFiles.Page);
        ContentCoding.Describe(response, coding);
        return Results.Bytes(file.Bytes, file.ContentType, entityTag: file.Tag);
    }

    private static IResult NotFound() => Problems.FileNotFound.With("The console has no such file.");
}
