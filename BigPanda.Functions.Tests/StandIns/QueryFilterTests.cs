using Azure.Data.Tables;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class QueryFilterTests
{
    public static TheoryData<object, string> Literals => new()
    {
        { "it's", "'it''s'" },
        { 5, "5" },
        { 5L, "5L" },
        { true, "true" },
        { Guid.Parse("6F9619FF-8B86-D011-B42D-00CF4FC964FF"), "guid'6f9619ff-8b86-d011-b42d-00cf4fc964ff'" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), "datetime'2026-01-02T02:04:05Z'" },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void Each_type_has_its_literal(object value, string literal) =>
        Assert.Equal($"A eq {literal}", TableClient.CreateQueryFilter($"A eq {value}"));

    [Fact]
    public void Text_outside_the_holes_stays_as_it_is() =>
        Assert.Equal("A eq 'b' and {C} eq 'd'", TableClient.CreateQueryFilter($"A eq 'b' and {{C}} eq {"d"}"));

    [Fact]
    public void A_type_without_a_literal_is_refused() =>
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {new object()}"));
}
