using Azure;
using Azure.Data.Tables;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableEntityTests
{
    [Fact]
    public void A_property_of_another_type_is_refused_in_words()
    {
        var entity = new TableEntity("p", "r") { ["Number"] = 1 };

        var failure = Assert.Throws<InvalidOperationException>(() => entity.GetString("Number"));

        Assert.Contains("Int32", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_keeps_its_type_when_it_is_set_again()
    {
        var entity = new TableEntity("p", "r") { ["Long"] = 1L, ["Double"] = 1.5, ["Text"] = "a" };

        entity["Long"] = 2;
        entity["Double"] = 3;

        Assert.Equal((2L, 3.0), (entity.GetInt64("Long"), entity.GetDouble("Double")));
        Assert.Throws<InvalidOperationException>(() => entity["Text"] = 1);
    }

    [Fact]
    public void Keys_etag_and_timestamp_are_properties_of_the_entity()
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var entity = new TableEntity("p", "r") { ETag = new ETag("W/\"1\""), Timestamp = time };

        Assert.Equal(("p", "r"), (entity["PartitionKey"], entity["RowKey"]));
        Assert.Equal(new ETag("W/\"1\""), entity.ETag);
        Assert.Equal(time, entity.Timestamp);
        Assert.Equal(default, new TableEntity().ETag);
        Assert.Null(new TableEntity().Timestamp);
    }

    [Fact]
    public void It_is_a_dictionary_of_its_properties()
    {
        var entity = new TableEntity(new Dictionary<string, object> { ["PartitionKey"] = "p", ["A"] = 1 });

        entity.Add("B", 2);

        Assert.Throws<ArgumentException>(() => entity.Add("B", 3));
        Assert.True(entity.Remove("A"));
        Assert.False(entity.TryGetValue("A", out _));
        Assert.Equal(["B", "PartitionKey"], entity.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("p", entity.PartitionKey);
    }
}
