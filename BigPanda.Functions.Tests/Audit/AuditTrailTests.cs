using BigPanda.Functions.Audit;
using BigPanda.Functions.Http;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Audit;

/// <summary>When an entry is saved, and what it says.</summary>
public sealed class AuditTrailTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTables _tables;
    private readonly AuditStore _store;
    private readonly LogCapture _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly AuditTrail _trail;
    private readonly HttpContext _context = new DefaultHttpContext();

    public AuditTrailTests()
    {
        _tables = new MemoryTables(_time);
        _store = new AuditStore(_tables);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _trail = new AuditTrail(_store, _time, _loggers.CreateLogger<AuditTrail>());
        _context.Request.Path = "/api/alerts/incident%2F1/resolve";
        _context.Request.Method = "POST";
    }

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public async Task The_entry_is_there_before_the_change_and_gets_its_result_after()
    {
        AuditEntry? during = null;
        await RunAsync(async () =>
        {
            during = await SingleAsync();
            RequestNote.Of(_context.Request).By("ada").On("incident/1").With("why");
            return Results.NoContent();
        });

        Assert.Equal(("alert.resolve", "api", "incident/1", AuditResult.Begun), (during?.Action, during?.Actor, during?.Target, during?.Result));
        var ended = await SingleAsync();
        Assert.Equal(
            (during?.Id, "ada", "incident/1", "why", AuditResult.Ok, 204, null),
            (ended.Id, ended.Actor, ended.Target, ended.Detail, ended.Result, ended.Status, ended.Code));
        Assert.Contains(_log.Lines, line => line.StartsWith("Information Audit: alert.resolve by ada on incident/1 (why): Ok", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_it_cannot_be_saved_nothing_is_changed()
    {
        _tables.IsDown = true;
        var isChanged = false;
        var result = await RunAsync(() =>
        {
            isChanged = true;
            return Task.FromResult<IResult?>(Results.NoContent());
        });

        Assert.Equal((false, 503), (isChanged, (result as IStatusCodeHttpResult)?.StatusCode));
    }

    [Fact]
    public async Task Whose_answer_was_lost_and_which_the_client_sent_again_is_saved_once_and_the_change_is_made()
    {
        _tables.LoseNextResponse();

        await RunAsync(() => Task.FromResult<IResult?>(Results.NoContent()));

        Assert.Equal(AuditResult.Ok, (await SingleAsync()).Result);
    }

    [Fact]
    public async Task When_its_result_cannot_be_saved_it_stays_begun_and_the_log_says_what_came_of_it()
    {
        var result = await RunAsync(() =>
        {
            _tables.IsDown = true;
            return Task.FromResult<IResult?>(Results.NoContent());
        });
        _tables.IsDown = false;

        Assert.Equal(204, (result as IStatusCodeHttpResult)?.StatusCode);
        Assert.Equal(AuditResult.Begun, (await SingleAsync()).Result);
        Assert.Contains(_log.Lines, line => line.Contains("Ok, status 204", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.StartsWith("Error Could not save what came of", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_has_its_code()
    {
        await RunAsync(() => Task.FromResult<IResult?>(Problems.AlreadyResolved.With("It is resolved.")));

        var entry = await SingleAsync();
        Assert.Equal((AuditResult.Refused, 409, "already-resolved"), (entry.Result, entry.Status, entry.Code));
    }

    [Theory]
    [InlineData(true, "Refused", 408, "unreadable-request")]
    [InlineData(false, "Failed", 500, "internal-error")]
    public async Task An_exception_is_recorded_and_thrown(bool isTheCallers, string result, int status, string code)
    {
        Exception thrown = isTheCallers ? new BadHttpRequestException("too slow", 408) : new InvalidOperationException("a defect");
        Assert.Same(thrown, await Record.ExceptionAsync(() => RunAsync(() => throw thrown)));

        var entry = await SingleAsync();
        Assert.Equal((result, status, code), (entry.Result.ToString(), entry.Status, entry.Code));
    }

    [Fact]
    public async Task What_changes_nothing_makes_no_entry_and_needs_no_table()
    {
        _tables.IsDown = true;

        Assert.NotNull(await _trail.RunAsync("GetAlert", _context.Request, () => Task.FromResult<IResult?>(Results.Ok()), CancellationToken.None));
    }

    [Theory]
    [InlineData(null, "api")]
    [InlineData("  ", "api")]
    [InlineData(" ada ", "ada")]
    [InlineData("a\nb", "a b")]
    public void A_caller_is_who_the_request_names(string? named, string actor) => Assert.Equal(actor, RequestNote.Of(_context.Request).By(named).Actor);

    [Fact]
    public void A_note_is_cut_to_two_hundred_characters() => Assert.Equal(200, RequestNote.Fit(new string('x', 300))?.Length);

    private Task<IResult?> RunAsync(Func<Task<IResult?>> handle) => _trail.RunAsync("ResolveAlert", _context.Request, handle, CancellationToken.None);

    private async Task<AuditEntry> SingleAsync()
    {
        var query = new AuditQuery(_time.GetUtcNow().AddDays(-1), _time.GetUtcNow(), null, null, 10, null);
        return Assert.Single((await _store.ListAsync(query, CancellationToken.None)).Entries);
    }
}
