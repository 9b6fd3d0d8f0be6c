using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.History;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.History;

public sealed class StampTests
{
    private static readonly Stamp Middle = new(new Moment(At(10), At(20), 3))
    {
        Kind = DeliveryKind.Update,
        AlertsChangedAt = At(5),
        Events = 2,
        ReceivedAt = At(30),
        Fingerprint = 7,
    };

    /// <summary>Each is later in one field, and earlier in every field that counts less.</summary>
    public static TheoryData<string, Stamp> Later => new()
    {
        { "its change", Middle with { Moment = new Moment(At(11), At(0)), Kind = DeliveryKind.New } },
        { "its event", Middle with { Moment = new Moment(At(10), At(21)), Kind = DeliveryKind.New } },
        { "its place behind the moment", Middle with { Moment = new Moment(At(10), At(20), 4), Kind = DeliveryKind.New } },
        { "its kind", Middle with { Kind = DeliveryKind.Closed, AlertsChangedAt = default } },
        { "its alerts' change", Middle with { AlertsChangedAt = At(6), Events = 0 } },
        { "its events", Middle with { Events = 3, ReceivedAt = default } },
        { "its receipt", Middle with { ReceivedAt = At(31), Fingerprint = 0 } },
        { "its hash", Middle with { Fingerprint = 8 } },
    };

    [Theory]
    [MemberData(nameof(Later))]
    public void The_first_field_that_differs_decides_the_order(string by, Stamp later)
    {
        Assert.True(later.CompareTo(Middle) > 0, by);
        Assert.True(Middle.CompareTo(later) < 0, by);
        Assert.Equal((true, true, false, false), (later > Middle, later >= Middle, later < Middle, later <= Middle));
        Assert.Equal((false, false, true, true), (Middle > later, Middle >= later, Middle < later, Middle <= later));
    }

    [Fact]
    public void A_stamp_equals_itself()
    {
        var same = Middle with { };

        Assert.Equal((0, false, true, false, true), (Middle.CompareTo(same), Middle > same, Middle >= same, Middle < same, Middle <= same));
    }

    [Fact]
    public void The_time_of_a_moment_is_the_later_of_its_two_times()
    {
        Assert.Equal(At(20), new Moment(At(10), At(20)).Time);
        Assert.Equal(At(20), new Moment(At(20), At(10)).Time);
        Assert.Equal(At(10), new Moment(At(10), default).Time);
        Assert.Equal(At(10), new Moment(default, At(10)).Time);
        Assert.Null(default(Moment).Next().Time);
    }

    [Fact]
    public void The_place_behind_a_moment_is_before_every_later_moment()
    {
        var moment = Moment.Of(At(10));

        Assert.Equal(new Moment(At(10), At(10), 2), moment.Next().Next());
        Assert.True(moment.Next() > moment);
        Assert.True(moment.Next() < Moment.Of(At(10).AddTicks(1)));
        Assert.Equal((true, false, false, true), (moment.Next() >= moment, moment.Next() <= moment, moment >= moment.Next(), moment <= moment.Next()));
        var same = Moment.Of(At(10));
        Assert.Equal((false, true, false, true), (moment > same, moment >= same, moment < same, moment <= same));
    }

    [Fact]
    public void Default_values_are_not_stored()
    {
        Assert.Equal("{}", JsonSerializer.Serialize(default(Stamp)));
        Assert.Equal(
            """{"ChangedAt":"2026-11-01T10:00:10Z","EventAt":"2026-11-01T10:00:20Z","Behind":3,"Kind":2"""
            + ""","AlertsChangedAt":"2026-11-01T10:00:05Z","Events":2,"ReceivedAt":"2026-11-01T10:00:30Z","Fingerprint":7}""",
            JsonSerializer.Serialize(Middle));
    }

    [Fact]
    public void A_stored_stamp_is_read_back_unchanged()
    {
        Assert.Equal(Middle, Read(JsonSerializer.Serialize(Middle)));
        Assert.Equal(default, Read("{}"));
    }

    [Theory]
    [InlineData(0, DeliveryKind.New)]
    [InlineData(1, DeliveryKind.Update)]
    [InlineData(2, DeliveryKind.Closed)]
    [InlineData(3, DeliveryKind.Reopen)]
    public void A_rank_of_an_earlier_version_is_read_as_its_kind(int rank, DeliveryKind kind) => Assert.Equal(
        new Stamp(Moment.Of(At(10))) { Kind = kind, Fingerprint = 7 },
        Read($$"""{"ChangedAt":"2026-11-01T10:00:10Z","Rank":{{rank}},"Fingerprint":7}"""));

    [Fact]
    public void Members_added_by_a_later_version_are_ignored() =>
        Assert.Equal(Middle, Read(JsonSerializer.Serialize(Middle).Replace("{", """{"New":{"a":[1]},""", StringComparison.Ordinal)));

    [Theory]
    [InlineData("", 0xcbf29ce484222325)]
    [InlineData("a", 0xaf63dc4c8601ec8c)]
    [InlineData("foobar", 0x85944171f73967e8)]
    public void The_stable_hash_matches_the_published_FNV_1a_values(string text, ulong hash) => Assert.Equal(hash, StableHash.Of(text));

    private static Stamp Read(string json) => JsonSerializer.Deserialize<Stamp>(json);
}
