using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Tests.Storage;

/// <summary>Does not use Azurite, which accepts what the service refuses.</summary>
public class EntityLimitsTests
{
    [Fact]
    public void An_entity_within_the_limits_passes()
    {
        var entity = Filled(15);
        BinaryColumns.Write(new TableEntity("p", "r"), new byte[BinaryColumns.MaxBytes]);

        EntityLimits.Check(entity);
    }

    [Fact]
    public void More_than_one_mebibyte_is_refused() => Assert.Contains("1,048,576", Refusal(() => EntityLimits.Check(Filled(17))), StringComparison.Ordinal);

    [Fact]
    public void More_than_252_properties_are_refused()
    {
        var entity = new TableEntity("p", "r");
        for (var i = 0; i < 253; i++) entity[$"p{i}"] = i;

        Assert.Contains("253 properties", Refusal(() => EntityLimits.Check(entity)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_over_64_kibibytes_is_refused()
    {
        Assert.Contains(
            "Property text", Refusal(() => EntityLimits.Check(new TableEntity("p", "r") { ["text"] = new string('x', 32769) })), StringComparison.Ordinal);
        Assert.Contains("Property data", Refusal(() => EntityLimits.Check(new TableEntity("p", "r") { ["data"] = new byte[65537] })), StringComparison.Ordinal);
        EntityLimits.Check(new TableEntity("p", "r") { ["text"] = new string('x', 32768), ["data"] = new byte[65536] });
    }

    [Fact]
    public void A_key_over_1024_characters_is_refused() =>
        Assert.Contains("1,025", Refusal(() => EntityLimits.Check(new TableEntity("p", new string('k', 1025)))), StringComparison.Ordinal);

    [Fact]
    public void A_transaction_has_a_hundred_entities_at_most() =>
        Assert.Contains("101", Refusal(() => EntityLimits.Check(Transaction(101, i => new TableEntity("p", $"{i}")))), StringComparison.Ordinal);

    [Fact]
    public void A_transaction_stays_in_one_partition() =>
        Assert.Contains("two partitions", Refusal(() => EntityLimits.Check(Transaction(2, i => new TableEntity($"p{i}", "r")))), StringComparison.Ordinal);

    [Fact]
    public void A_transaction_has_four_mebibytes_at_most() =>
        Assert.Contains("4,194,304", Refusal(() => EntityLimits.Check(Transaction(5, i => Filled(14, $"{i}")))), StringComparison.Ordinal);

    [Fact]
    public void Bytes_come_back_from_as_many_columns_as_they_need()
    {
        foreach (var length in new[] { 0, 1, 65536, 65537, BinaryColumns.MaxBytes })
        {
            var bytes = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
            var entity = new TableEntity("p", "r");
            BinaryColumns.Write(entity, bytes);

            EntityLimits.Check(entity);
            Assert.Equal(bytes, BinaryColumns.Read(entity));
        }
    }

    /// <summary>As the service counts: 4, 2 for each character of the keys; 8 and 2 for each character of the name, and the value, for each property.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void An_entity_is_measured_to_the_byte(int more, bool isStorable)
    {
        var entity = Filled(15);
        var used = 4 + (2 * 2) + (15 * (8 + (3 * 2) + (64 * 1024) + 4)) + 8 + (4 * 2) + 4;
        entity["rest"] = new byte[EntityLimits.MaxEntityBytes - used + more];
        entity["Timestamp"] = DateTimeOffset.UnixEpoch;
        entity["odata.etag"] = "the service's own";

        if (isStorable) EntityLimits.Check(entity);
        else Assert.Equal("An entity has 1,048,577 bytes; the limit is 1,048,576.", Refusal(() => EntityLimits.Check(entity)));
    }

    [Fact]
    public void What_is_too_large_is_named()
    {
        Assert.Equal("A key has 1,025 characters; the limit is 1,024.", Refusal(() => EntityLimits.Check(new TableEntity(new string('k', 1025), "r"))));
        Assert.Equal(
            "A transaction has 101 entities; the limit is 100.", Refusal(() => EntityLimits.Check(Transaction(101, i => new TableEntity("p", $"{i}")))));
        Assert.StartsWith("A transaction has 4,", Refusal(() => EntityLimits.Check(Transaction(5, i => Filled(14, $"{i}")))), StringComparison.Ordinal);
        Assert.EndsWith(
            " bytes; the limit is 4,194,304.", Refusal(() => EntityLimits.Check(Transaction(5, i => Filled(14, $"{i}")))), StringComparison.Ordinal);
        Assert.Equal(
            "Property data has 65,537 bytes; the limit is 65,536.",
            Refusal(() => EntityLimits.Check(new TableEntity("p", "r") { ["data"] = BinaryData.FromBytes(new byte[65537]) })));
        EntityLimits.Check(new TableEntity("p", "r") { ["data"] = BinaryData.FromBytes(new byte[65536]) });

        var wide = new TableEntity("p", "r");
        for (var i = 0; i < 253; i++) wide[$"p{i}"] = i;
        Assert.Equal("An entity has 253 properties; the limit is 252.", Refusal(() => EntityLimits.Check(wide)));
        wide.Remove("p0");
        EntityLimits.Check(wide);
    }

    private static string Refusal(Action act) => Assert.Throws<EntityLimitException>(act).Message;

    private static TableEntity Filled(int columns, string row = "r")
    {
        var entity = new TableEntity("p", row);
        for (var i = 0; i < columns; i++) entity[$"d{i:D2}"] = new byte[64 * 1024];
        return entity;
    }

    private static List<TableTransactionAction> Transaction(int count, Func<int, TableEntity> entity) =>
        [.. Enumerable.Range(0, count).Select(i => new TableTransactionAction(TableTransactionActionType.Add, entity(i)))];
}
