using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Hosting;
using Microsoft.Playwright;

namespace BigPanda.Console.Tests.Support;

/// <summary>A window of the console, and what went wrong in it: scripts' errors, refused content, dialogs, and requests to other hosts.</summary>
internal sealed class ConsoleWindow
{
    public const string Root = "/api/console";

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<IResponse> _reads = new();
    private readonly Func<Uri> _createLink;

    /// <param name="createLink">Makes a link that signs in once.</param>
    public ConsoleWindow(IPage page, Uri site, Func<Uri> createLink, bool isPhone)
    {
        (Page, _createLink, IsPhone) = (page, createLink, isPhone);
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
            if (url.Scheme is "http" or "https" && url.Authority != site.Authority) _faults.Enqueue($"A request to {url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Url.EndsWith("/alert-rows", StringComparison.Ordinal)) _reads.Enqueue(response);
        };
    }

    public IPage Page { get; }

    public bool IsPhone { get; }

    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>The answers to the list's reads so far.</summary>
    public IReadOnlyCollection<IResponse> Reads => _reads;

    public Task OpenAsync(string page = "alerts") => Page.GotoAsync($"{Root}/{page}");

    /// <summary>Timers of exactly this length take ten minutes: a test on a busy machine may look later than they end. From the next page on.</summary>
    public Task LengthenTimersAsync(int milliseconds) => Page.AddInitScriptAsync(
        $$"""
        {
          const start = window.setTimeout;
          window.setTimeout = (run, after, ...rest) => start(run, after === {{milliseconds}} ? 600_000 : after, ...rest);
        }
        """);

    /// <summary>By the link that ./run prints.</summary>
    public async Task SignInAsync(string page = "alerts")
    {
        await Page.GotoAsync(_createLink().AbsoluteUri);
        await Assertions.Expect(Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" })).ToBeVisibleAsync();
        if (page != "alerts") await OpenAsync(page);
    }

    /// <summary>In the page's own form.</summary>
    public async Task SignInWithKeyAsync(string key, string name = "ada")
    {
        await Page.GetByLabel("Your name").FillAsync(name);
        await Page.GetByLabel("Function key").FillAsync(key);
        await Button("Sign in").ClickAsync();
    }

    /// <summary>As with Entra ID, at the stand-in: from the page's own link, back to where the person wanted to go.</summary>
    public async Task SignInAsAsync(string account, string name, string page = "alerts")
    {
        await OpenAsync(page);
        await Link("Sign in with Entra ID").ClickAsync();
        await ChooseAsync(account, name);
        // Its load event may come before the wait for it begins.
        await Page.WaitForURLAsync(
            url => url.EndsWith($"{Root}/{page}", StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
    }

    /// <summary>On the stand-in's page.</summary>
    public async Task ChooseAsync(string account, string? name = null)
    {
        await Assertions.Expect(Heading("In place of Entra ID")).ToBeVisibleAsync();
        if (name is not null) await Page.GetByLabel("Name").FillAsync(name);
        await Button(account).ClickAsync();
    }

    /// <summary>The platform's session is over: its cookie is gone.</summary>
    public Task EndSessionAsync() => Page.Context.ClearCookiesAsync(new() { Name = PlatformSignIn.CookieName });

    /// <summary>Calls the API from the page's own origin with the headers of the page, as any script in a browser's console could.</summary>
    /// <returns>The status, and the code of a problem.</returns>
    public async Task<(int Status, string? Code)> CallAsync(string method, string path, object? body = null)
    {
        var answer = await Page.EvaluateAsync<JsonElement>(
            """
            async ([method, path, body]) => {
              const headers = { 'X-Console': '1', ...(body ? { 'Content-Type': 'application/json' } : {}) };
              const answer = await fetch(`/api/console/api${path}`, { method, headers, body });
              const problem = await answer.json().catch(() => ({}));
              return { status: answer.status, code: problem.code ?? null };
            }
            """,
            new[] { method, path, body is null ? null : JsonSerializer.Serialize(body) });
        return (answer.GetProperty("status").GetInt32(), answer.GetProperty("code").GetString());
    }

    /// <summary>Fills in the form of a new source.</summary>
    /// <returns>The card that shows the token and waits for the first webhook.</returns>
    public async Task<ILocator> CreateSourceAsync(string name)
    {
        await Button("New source…").ClickAsync();
        await Page.Locator("main").GetByLabel("Name").First.FillAsync(name);
        await Button("Create").ClickAsync();
        var created = Page.GetByRole(AriaRole.Region, new() { Name = $"“{name}” is created" });
        await Assertions.Expect(created.GetByText("Waiting for the first webhook…")).ToBeVisibleAsync();
        return created;
    }

    /// <summary>The mark of a list that is read regularly.</summary>
    public ILocator Live => Page.GetByText("Live", new() { Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>An alert's row in the list.</summary>
    public ILocator RowOf(string incidentId) =>
        Page.Locator("[role=row]").Filter(new() { Has = Page.Locator($"a[href$=\"id={WebUtility.UrlEncode(incidentId)}\"]") });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    public ILocator Button(string name, bool exact = true) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = exact });

    /// <summary>Answers the list's reads with rows of a test's own.</summary>
    /// <param name="readAt">When the answering instance has read them.</param>
    public Task ShowRowsAsync(Func<IReadOnlyList<JsonObject>> rows, Func<long>? readAt = null) => Page.RouteAsync(
        "**/alert-rows",
        route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Headers = new Dictionary<string, string> { ["x-next-in"] = "200", ["x-read-at"] = $"{readAt?.Invoke() ?? 0}" },
            Body = new JsonObject { ["isCut"] = false, ["items"] = new JsonArray([.. rows()]) }.ToJsonString(),
        }));

    /// <summary>The list's reads fail as if the bridge could not be reached; other calls are untouched.</summary>
    public Task LoseBridgeAsync() => Page.RouteAsync("**/api/alert-rows", route => route.AbortAsync());

    public Task FindBridgeAsync() => Page.UnrouteAsync("**/api/alert-rows");
}
