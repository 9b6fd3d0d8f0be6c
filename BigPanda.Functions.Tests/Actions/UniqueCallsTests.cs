using Azure;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Actions;

/// <summary>When a call that must not be carried out twice is made, and what is asked and waited for first.</summary>
public sealed class UniqueCallsTests
{
    private static readonly AlertAction Action = new() { Kind = ActionKinds.Comment, IncidentId = "incident", ActionId = "comment-1" };
    private static readonly ApiOutcome Read = new(ApiResult.Done, 200, "read");

    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _steps = [];
    private readonly MemoryTables _tables;
    private readonly SentCalls _sent;
    private readonly UniqueCalls _calls;
    private ApiOutcome _response = new(ApiResult.Done, 201, "created");
    private bool? _isThere = false;
    private Func<Task> _beforeSending = () => Task.CompletedTask;

    public UniqueCallsTests()
    {
        _tables = new MemoryTables(_time);
        _sent = new SentCalls(_tables);
        _calls = new UniqueCalls(_sent, _time);
    }

    [Fact]
    public async Task The_first_call_is_made_without_a_question()
    {
        Assert.Same(_response, await MakeAsync());
        Assert.Equal(["send"], _steps);
    }

    [Theory]
    [InlineData(false, "find,send")]
    [InlineData(true, "find")]
    [InlineData(null, "find")]
    public async Task Where_an_earlier_call_may_have_been_made_the_destination_is_asked_first(bool? isThere, string steps)
    {
        _isThere = isThere;

        var outcome = await MakeAsync(mayHaveBeenSent: true);

        Assert.Equal(steps, string.Join(',', _steps));
        Assert.Same(isThere switch { true => null, false => _response, null => Read }, outcome);
    }

    [Fact]
    public async Task A_call_that_had_a_response_has_arrived()
    {
        await MakeAsync();
        await MakeAsync();

        Assert.Equal(["send", "find", "send"], _steps);
        Assert.Equal(ManualTimeProvider.Begin, _time.GetUtcNow());
    }

    [Fact]
    public async Task A_call_without_a_response_may_still_arrive_for_twice_its_timeout()
    {
        _response = new ApiOutcome(ApiResult.Unavailable, null, "no response");
        await MakeAsync();

        var again = MakeAsync();
        _time.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(["send"], _steps);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Same(_response, await again);
        Assert.Equal(["send", "find", "send"], _steps);
    }

    [Fact]
    public async Task A_call_that_another_delivery_has_begun_is_not_made()
    {
        _beforeSending = async () =>
        {
            _beforeSending = () => Task.CompletedTask;
            _isThere = true;
            Assert.NotNull(await _sent.TryBeginAsync(Action, null, CancellationToken.None));
        };

        var making = MakeAsync();
        Assert.Equal(["not sent: another delivery of the message makes the call"], _steps);
        _time.Advance(TimeSpan.FromSeconds(40));

        Assert.Null(await making);
        Assert.Equal("find", _steps[^1]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"1\"")]
    public async Task An_outage_of_the_tables_is_not_another_delivery(string? seen)
    {
        _tables.IsDown = true;

        await Assert.ThrowsAsync<RequestFailedException>(() => _sent.TryBeginAsync(Action, seen, CancellationToken.None));
    }

    [Fact]
    public async Task A_response_that_cannot_be_noted_does_not_fail_the_call_but_a_stop_does()
    {
        _tables.IsDown = true;

        await _sent.MarkAnsweredAsync(Action, "W/\"1\"", CancellationToken.None);
        await Assert.ThrowsAsync<RequestFailedException>(() => _sent.MarkAnsweredAsync(Action, "W/\"1\"", new CancellationToken(canceled: true)));
    }

    private Task<ApiOutcome?> MakeAsync(bool mayHaveBeenSent = false) => _calls.MakeAsync(
        new UniqueCall(
            TimeSpan.FromSeconds(20),
            _ =>
            {
                _steps.Add("find");
                return Task.FromResult((Read, _isThere));
            },
            async (begin, cancellationToken) =>
            {
                await _beforeSending();
                var objection = await begin(cancellationToken);
                _steps.Add(objection is null ? "send" : $"not sent: {objection}");
                return objection is null ? _response : new ApiOutcome(ApiResult.NotSent, null, objection);
            }),
        new ActionDelivery(Action, 1, MayHaveBeenSent: mayHaveBeenSent), CancellationToken.None);
}
