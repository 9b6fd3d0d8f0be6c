using Azure.Data.Tables;
using BigPanda.Console.Tests.Support;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Worker;
using BigPanda.LocalHost.Azurite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BigPanda.Console.Tests;

/// <summary>
/// The page of the app as Azure runs it: a worker process behind a Functions host, with tables and without a broker. The app is published where the
/// package feed has all that it needs, else it is the build's output (docs/decisions/0001-one-stand-in.md).
/// </summary>
public sealed class PublishedAppTests(PublishedAppTests.Fixture app) : IClassFixture<PublishedAppTests.Fixture>
{
    private const string Assets = $"{ConsoleWindow.Root}/assets/";

    [BrowserFact]
    public async Task The_page_asks_for_the_key_and_shows_the_list() => await app.VisitAsync(async window =>
    {
        await window.OpenAsync();
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        await window.SignInWithKeyAsync("not the key");
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("refused");
        await window.SignInWithKeyAsync(WorkerSite.FunctionKey);
        await Expect(window.Page.GetByText("No alert yet")).ToBeVisibleAsync();
        await Expect(window.Live).ToBeVisibleAsync();
    });

    [BrowserFact]
    public async Task Its_files_come_compressed_under_names_of_their_content_and_are_kept() => await app.VisitAsync(async window =>
    {
        await window.OpenAsync();
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        var first = app.Take();
        Assert.Contains(first, answer => answer is { Path: $"{ConsoleWindow.Root}/alerts", Status: 200, Coding: "br" });
        var files = first.Where(answer => answer.Path.StartsWith(Assets, StringComparison.Ordinal)).ToList();
        Assert.Equal([".css", ".js"], files.Select(file => Path.GetExtension(file.Path)).Distinct().Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal((200, "br"), (file.Status, file.Coding)));
        Assert.All(files, file => Assert.Matches(@"-[\w-]{8,}\.\w+$", file.Path));

        // Asked for again, the page is unchanged, and its files are not asked for.
        await window.OpenAsync();
        await Expect(window.Heading("Sign in")).ToBeVisibleAsync();
        var second = app.Take();
        Assert.Contains(second, answer => answer is { Path: $"{ConsoleWindow.Root}/alerts", Status: 304 });
        Assert.DoesNotContain(second, answer => answer.Path.StartsWith(Assets, StringComparison.Ordinal));
    });

    public sealed class Fixture : BrowserFixture
    {
        private AzuriteProcess? _azurite;
        private RunningWorker? _worker;
        private WorkerSite? _site;
        private int _taken;

        private WorkerSite Running => _site ?? throw new InvalidOperationException("The worker has not been started.");

        private protected override Uri Site => Running.Address;

        /// <summary>What has been answered since the last time.</summary>
        internal IReadOnlyList<WorkerSite.Answer> Take()
        {
            var taken = Running.Answers.Skip(_taken).ToList();
            _taken += taken.Count;
            return taken;
        }

        internal override ConsoleWindow Show(IPage page, bool isPhone)
        {
            Take();
            return new ConsoleWindow(page, Site, () => throw new NotSupportedException("Only the local host makes links."), isPhone);
        }

        protected override async Task StartAsync()
        {
            _azurite = await AzuriteProcess.StartAsync(
                new AzuriteOptions { InMemory = true }, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
            var tables = new TableServiceClient(_azurite.ConnectionString);
            foreach (var table in TableNames.All) await tables.CreateTableIfNotExistsAsync(table);
            _worker = await RunningWorker.StartAsync(WorkerSettings.With(("StorageConnection", _azurite.ConnectionString)));
            _site = await WorkerSite.StartAsync(_worker);
        }

        protected override async Task StopAsync()
        {
            if (_site is not null) await _site.DisposeAsync();
            if (_worker is not null) await _worker.DisposeAsync();
            if (_azurite is not null) await _azurite.DisposeAsync();
        }
    }
}
