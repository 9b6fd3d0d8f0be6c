using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using Microsoft.Playwright;

namespace BigPanda.Console.Tests.Support;

/// <summary>A window of the console, and what went wrong in it: scripts' errors, refused content, dialogs, and requests to other hosts.</summary>
internal sealed class ConsoleWindow
{
    public const string Root = "/api/console";

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<IResponse> _reads = new();
    private readonly RunningBridge _bridge;

    public ConsoleWindow(IPage page, RunningBridge bridge)
    {
        (Page, _bridge) = (page, bridge);
        page.Console += (_, message) =>
        {
            // The browser's own line about an answer that a test has chosen, such as 401.
            if (message.Type is not ("error" or "warning") || message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) return;
            _faults.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _faults.Enqueue(error);
        page.Dialog += async (_, dialog) =>
        {
            _faults.Enqueue($"A dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            if (url.Scheme is "http" or "https" && url.Authority != bridge.Host.BaseUrl.Authority) _faults.Enqueue($"A request to {url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Url.EndsWith("/alert-rows", StringComparison.Ordinal)) _reads.Enqueue(response);
        };
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>The answers to the list's reads so far.</summary>
    public IReadOnlyCollection<IResponse> Reads => _reads;

    public Task OpenAsync(string page = "alerts") => Page.GotoAsync($"{Root}/{page}");

    /// <summary>By the link that ./run prints.</summary>
    public async Task SignInAsync(string page = "alerts")
    {
        await Page.GotoAsync(_bridge.Host.CreateSignInLink().AbsoluteUri);
        await Assertions.Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" })).ToBeVisibleAsync();
        if (page != "alerts") await OpenAsync(page);
    }

    /// <summary>An alert's row in the list.</summary>
    public ILocator RowOf(string incidentId) =>
        Page.Locator("[role=row]").Filter(new() { Has = Page.Locator($"a[href$=\"id={WebUtility.UrlEncode(incidentId)}\"]") });

    public ILocator Button(string name, bool exact = true) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = exact });

    /// <summary>Answers the list's reads with rows of a test's own.</summary>
    public Task ShowRowsAsync(Func<IReadOnlyList<JsonObject>> rows) => Page.RouteAsync("**/alert-rows", route => route.FulfillAsync(new()
    {
        ContentType = "application/json",
        Headers = new Dictionary<string, string> { ["x-next-in"] = "200" },
        Body = new JsonObject { ["isCut"] = false, ["items"] = new JsonArray([.. rows()]) }.ToJsonString(),
    }));

    /// <summary>The list's reads fail as if the bridge could not be reached; other calls are untouched.</summary>
    public Task LoseBridgeAsync() => Page.RouteAsync("**/api/alert-rows", route => route.AbortAsync());

    public Task FindBridgeAsync() => Page.UnrouteAsync("**/api/alert-rows");
}
