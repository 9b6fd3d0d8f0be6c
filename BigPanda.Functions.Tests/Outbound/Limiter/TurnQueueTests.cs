using BigPanda.Functions.Outbound.Limiter;

namespace BigPanda.Functions.Tests.Outbound.Limiter;

public sealed class TurnQueueTests
{
    private readonly TurnQueue _queue = new();
    private readonly Dictionary<TaskCompletionSource<CallTurn>, string> _names = [];

    [Fact]
    public void Calls_of_one_share_keep_their_order()
    {
        Add("a", "1", "2", "3");

        Assert.Equal("a1 a2 a3", TakeAll());
    }

    [Fact]
    public void One_with_many_calls_does_not_hold_up_one_with_few()
    {
        Add("a", "1", "2", "3", "4", "5");
        Add("b", "1", "2");

        Assert.Equal("a1 b1 a2 b2 a3 a4 a5", TakeAll());
    }

    [Fact]
    public void One_that_had_nothing_to_send_gets_no_credit_for_it()
    {
        Add("a", "1", "2", "3", "4", "5", "6");
        Take(4);
        Add("b", "1", "2", "3", "4");

        Assert.Equal("b1 a5 b2 a6 b3 b4", TakeAll());
    }

    /// <summary>Its next call always comes alone: without its last turn it would be the first every time.</summary>
    [Fact]
    public void One_that_asks_again_after_each_call_has_no_more_turns_than_the_others()
    {
        Add("a", "1", "2", "3");
        Add("b", "1", "2", "3");
        Add("c", "1");
        List<string> order = [];
        for (var next = 2; order.Count < 9; order.Add(Take()))
        {
            if (order.Count > 0 && order[^1][0] == 'c') Add("c", $"{next++}");
        }

        Assert.Equal("a1 b1 c1 a2 b2 c2 a3 b3 c3", string.Join(' ', order));
    }

    [Fact]
    public void A_call_that_gives_up_between_the_look_and_the_turn_is_not_taken()
    {
        var given = Add("a", "1", "2");
        var next = _queue.FindNext() ?? throw new InvalidOperationException("Nothing waits.");
        given[0].SetCanceled(CancellationToken.None);
        Assert.Same(given[1], _queue.Dequeue(next));

        Add("a", "3")[0].SetCanceled(CancellationToken.None);
        Assert.Null(_queue.Dequeue(next));
    }

    [Fact]
    public void Calls_that_gave_up_cost_their_share_nothing()
    {
        var given = Add("a", "1", "2", "3", "4");
        Add("b", "1", "2", "3");
        foreach (var turn in given[..3]) turn.SetCanceled(CancellationToken.None);

        Assert.Equal("a4 b1 b2 b3", TakeAll());
    }

    [Fact]
    public void A_higher_priority_goes_first_whoever_it_is_of()
    {
        Add("a", "1", "2");
        Add("b", CallPriority.Urgent, "1", "2");

        Assert.Equal("b1 b2 a1 a2", TakeAll());
    }

    [Fact]
    public void Nothing_waits_when_all_gave_up()
    {
        foreach (var turn in Add("a", "1", "2")) turn.SetCanceled(CancellationToken.None);

        Assert.Null(_queue.FindNext());
    }

    private List<TaskCompletionSource<CallTurn>> Add(string share, params string[] names) => Add(share, CallPriority.Normal, names);

    private List<TaskCompletionSource<CallTurn>> Add(string share, CallPriority priority, params string[] names)
    {
        List<TaskCompletionSource<CallTurn>> turns = [];
        foreach (var name in names)
        {
            var turn = new TaskCompletionSource<CallTurn>();
            _names[turn] = share + name;
            _queue.Enqueue(turn, priority, share);
            turns.Add(turn);
        }

        return turns;
    }

    private string Take() =>
        _names[_queue.Dequeue(_queue.FindNext() ?? throw new InvalidOperationException("Nothing waits.")) ?? throw new InvalidOperationException("Cancelled.")];

    private void Take(int count)
    {
        for (var i = 0; i < count; i++) Take();
    }

    private string TakeAll()
    {
        List<string> order = [];
        while (_queue.FindNext() is not null) order.Add(Take());
        return string.Join(' ', order);
    }
}
