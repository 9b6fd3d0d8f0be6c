using BigPanda.Functions.Alerts.Rules.History;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.History;

public sealed class MarkTests
{
    private static readonly Mark Middle = Fact(MarkKind.Closed, 10, DeliveryKind.Update, at: 15, fingerprint: 5, actor: "grace");

    /// <summary>Each is later in one field, and earlier in every field that counts less.</summary>
    public static TheoryData<string, Mark> Later => new()
    {
        { "its moment", Fact(MarkKind.Active, 11, DeliveryKind.New, at: 0, fingerprint: 0, actor: "ada") },
        { "a resolve here", Fact(MarkKind.ResolvedHere, 10, DeliveryKind.New, at: 0, fingerprint: 0, actor: "ada") },
        { "its kind", Fact(MarkKind.Closed, 10, DeliveryKind.Closed, at: 0, fingerprint: 0, actor: "ada") },
        { "its time", Fact(MarkKind.Closed, 10, DeliveryKind.Update, at: 16, fingerprint: 0, actor: "ada") },
        { "its stamp", Fact(MarkKind.Closed, 10, DeliveryKind.Update, at: 15, fingerprint: 6, actor: "ada") },
        { "its actor", Fact(MarkKind.Closed, 10, DeliveryKind.Update, at: 15, fingerprint: 5, actor: "heidi") },
    };

    [Theory]
    [MemberData(nameof(Later))]
    public void The_first_field_that_differs_decides_the_order(string by, Mark later)
    {
        Assert.True(later.CompareTo(Middle) > 0, by);
        Assert.True(Middle.CompareTo(later) < 0, by);
        Assert.Equal((true, true, false, false), (later > Middle, later >= Middle, later < Middle, later <= Middle));
        Assert.Equal((false, false, true, true), (Middle > later, Middle >= later, Middle < later, Middle <= later));
    }

    [Fact]
    public void A_mark_equals_itself()
    {
        var same = Middle with { };

        Assert.Equal((false, true, false, true), (Middle > same, Middle >= same, Middle < same, Middle <= same));
    }

    [Fact]
    public void Within_a_moment_deliveries_come_first_then_resolves_here_then_confirmations()
    {
        MarkKind[] kinds = [MarkKind.CloseConfirmed, MarkKind.ResolvedHere, MarkKind.Active];

        Assert.Equal([MarkKind.Active, MarkKind.ResolvedHere, MarkKind.CloseConfirmed], kinds.Select(kind => Fact(kind, 10)).Order().Select(mark => mark.Kind));
    }

    [Fact]
    public void Only_deliveries_of_the_same_moment_share_it()
    {
        var delivery = Fact(MarkKind.Active, 10, fingerprint: 1);

        Assert.True(delivery.IsAtSameMomentAs(Fact(MarkKind.Closed, 10, DeliveryKind.Closed, fingerprint: 2)));
        Assert.False(delivery.IsAtSameMomentAs(Fact(MarkKind.Closed, 11)));
        Assert.False(delivery.IsAtSameMomentAs(Fact(MarkKind.ResolvedHere, 10)));
    }

    [Fact]
    public void A_mark_with_a_fingerprint_is_recognised_by_it_at_any_place()
    {
        var known = Fact(MarkKind.Active, 10, fingerprint: 5);

        Assert.True(known.Repeats(Fact(MarkKind.Active, 99, fingerprint: 5)));
        Assert.False(known.Repeats(Fact(MarkKind.Closed, 10, fingerprint: 5)));
        Assert.False(known.Repeats(Fact(MarkKind.Active, 10, fingerprint: 6)));
    }

    [Fact]
    public void A_mark_without_a_fingerprint_is_recognised_by_its_place_and_time()
    {
        var known = Fact(MarkKind.CloseConfirmed, 10, at: 15);

        Assert.True(known.Repeats(Fact(MarkKind.CloseConfirmed, 10, at: 15)));
        Assert.False(known.Repeats(Fact(MarkKind.CloseConfirmed, 10, at: 16)));
    }

    private static Mark Fact(MarkKind kind, long second, DeliveryKind delivery = DeliveryKind.New, long at = 0, ulong fingerprint = 0, string? actor = null) =>
        new(new Stamp(Moment.Of(At(second))) { Kind = delivery, Fingerprint = fingerprint }, kind, At(at), actor);
}
