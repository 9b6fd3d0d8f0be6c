using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableTypesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    public static TheoryData<object> Values => new()
    {
        "", " ", "plain", "quotes ' \" and \\ and \r\n\t", "<&>+\u2028", "Grüße, 東京, 🚨",
        true, false,
        0, int.MinValue, int.MaxValue,
        0L, (1L << 53) + 1, long.MinValue, long.MaxValue,
        0.1, 5.0, -0.0, 1e300, double.Epsilon, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
        Guid.Parse("6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_keeps_its_type(object value)
    {
        var read = await RoundTripAsync(value);

        Assert.Equal(value, read["Value"]);
        Assert.Equal(value.GetType(), read["Value"].GetType());
    }

    [Fact]
    public async Task A_time_keeps_every_tick_and_comes_back_in_utc()
    {
        var time = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(2)).AddTicks(1_234_567);

        var read = await RoundTripAsync(time);

        Assert.Equal(time, read.GetDateTimeOffset("Value"));
        Assert.Equal(TimeSpan.Zero, read.GetDateTimeOffset("Value")!.Value.Offset);
        Assert.Equal(time.UtcDateTime, read.GetDateTime("Value"));
    }

    [Fact]
    public async Task A_utc_date_is_a_time()
    {
        var time = new DateTime(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        Assert.Equal(time, (await RoundTripAsync(time)).GetDateTime("Value"));
    }

    [Fact]
    public async Task A_date_of_no_known_zone_is_refused()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => RoundTripAsync(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    public async Task Bytes_come_back_as_they_were(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(i * 31)).ToArray();

        Assert.Equal(bytes, (await RoundTripAsync(bytes)).GetBinary("Value"));
        Assert.Equal(bytes, (await RoundTripAsync(BinaryData.FromBytes(bytes))).GetBinaryData("Value").ToArray());
    }

    [Fact]
    public async Task A_null_is_no_property()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = null, ["Other"] = 1 });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.False(read.ContainsKey("Value"));
        Assert.Null(read.GetString("Value"));
        Assert.Null(read.GetInt64("Value"));
    }

    [Fact]
    public async Task Text_of_the_greatest_length_fits()
    {
        var text = string.Concat(Enumerable.Repeat("äß東.", 8_192));

        Assert.Equal(text, (await RoundTripAsync(text)).GetString("Value"));
    }

    private async Task<TableEntity> RoundTripAsync(object value)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Before"] = "b", ["Value"] = value, ["Zlast"] = 1 });
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal(("b", 1), (read.GetString("Before"), read.GetInt32("Zlast")));
        return read;
    }
}
