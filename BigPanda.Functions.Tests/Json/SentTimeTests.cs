using System.Globalization;
using System.Text;
using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Tests.Json;

/// <summary>Every format in which senders write a time, one row each.</summary>
public sealed class SentTimeTests
{
    private const string Whole = "2022-04-10T07:38:02.0000000";

    [Theory]
    // Numbers, as JSON numbers and in quotes.
    [InlineData("1649576282", Whole)]
    [InlineData("1649576282.0", Whole)]
    [InlineData("1649576282.9", "2022-04-10T07:38:02.9000000")]
    [InlineData("1649576282.123456789", "2022-04-10T07:38:02.1234567")]
    [InlineData("1.649576282e9", Whole)]
    [InlineData("1.649576282E+9", Whole)]
    [InlineData("1649576282000", Whole)]
    [InlineData("1649576282999", "2022-04-10T07:38:02.9990000")]
    [InlineData("1649576282999.5", "2022-04-10T07:38:02.9995000")]
    [InlineData("1649576282123456", "2022-04-10T07:38:02.1234560")]
    [InlineData("1649576282123456789", "2022-04-10T07:38:02.1234567")]
    [InlineData("1.649576282123e12", "2022-04-10T07:38:02.1230000")]
    [InlineData("\"1649576282\"", Whole)]
    [InlineData("\" 1649576282 \"", Whole)]
    [InlineData("\"+1649576282\"", Whole)]
    [InlineData("\"1649576282.5\"", "2022-04-10T07:38:02.5000000")]
    [InlineData("\"1649576282,5\"", "2022-04-10T07:38:02.5000000")]
    [InlineData("\"1649576282000\"", Whole)]
    [InlineData("\"1649576282123456\"", "2022-04-10T07:38:02.1234560")]
    [InlineData("\"1649576282123456789\"", "2022-04-10T07:38:02.1234567")]
    [InlineData("\"1.649576282E9\"", Whole)]
    [InlineData("1", "1970-01-01T00:00:01.0000000")]
    // Seconds far in the future are still read as seconds.
    [InlineData("99999999999", "5138-11-16T09:46:39.0000000")]
    [InlineData("253402300799", "9999-12-31T23:59:59.0000000")]
    [InlineData("946684800000", "2000-01-01T00:00:00.0000000")]
    [InlineData("\"164957628,5\"", "1975-03-25T05:33:48.5000000")]
    [InlineData("253402300799000", "9999-12-31T23:59:59.0000000")]
    [InlineData("253402300799000000", "9999-12-31T23:59:59.0000000")]
    [InlineData("\"9999-12-31T23:59:59Z\"", "9999-12-31T23:59:59.0000000")]
    // ISO 8601 and RFC 3339.
    [InlineData("\"2022-04-10T07:38:02Z\"", Whole)]
    [InlineData("\"2022-04-10t07:38:02z\"", Whole)]
    [InlineData("\"2022-04-10 07:38:02Z\"", Whole)]
    [InlineData("\"2022-04-10_07:38:02Z\"", Whole)]
    [InlineData("\"2022-04-10  07:38:02 UTC\"", Whole)]
    [InlineData("\"2022-04-10T07:38:02\"", Whole)]
    [InlineData("\"2022-04-10T09:38:02+02:00\"", Whole)]
    [InlineData("\"2022-04-10T09:38:02+0200\"", Whole)]
    [InlineData("\"2022-04-10T09:38:02+02\"", Whole)]
    [InlineData("\"2022-04-10T09:38:02 +02:00\"", Whole)]
    [InlineData("\"2022-04-10T02:08:02-05:30\"", Whole)]
    [InlineData("\"2022-04-10T02:08:02\u221205:30\"", Whole)]
    [InlineData("\"2022-04-10T07:38:02-00:00\"", Whole)]
    [InlineData("\"2022-04-10T09:38:02+02:00[Europe/Berlin]\"", Whole)]
    [InlineData("\"2022-04-10T07:38:02Z[UTC]\"", Whole)]
    [InlineData("\"2022-04-10T07:38:02[UTC]\"", Whole)]
    [InlineData("\"2022-04-10T07:38:02.808Z\"", "2022-04-10T07:38:02.8080000")]
    [InlineData("\"2022-04-10T07:38:02,808Z\"", "2022-04-10T07:38:02.8080000")]
    [InlineData("\"2022-04-10T07:38:02.123456+00:00\"", "2022-04-10T07:38:02.1234560")]
    [InlineData("\"2022-04-10T07:38:02.123456789Z\"", "2022-04-10T07:38:02.1234567")]
    [InlineData("\"2022-04-10T07:38:02.123456789123456789Z\"", "2022-04-10T07:38:02.1234567")]
    [InlineData("\"2022-04-10T09:38:02.123456789+02:00[Europe/Berlin]\"", "2022-04-10T07:38:02.1234567")]
    [InlineData("\"2022-04-10 07:38:02.123456\"", "2022-04-10T07:38:02.1234560")]
    [InlineData("\"2022-04-10 09:38:02.5 +0200 CEST\"", "2022-04-10T07:38:02.5000000")]
    [InlineData("\"2022-04-10 13:08:02.5 +0530 IST\"", "2022-04-10T07:38:02.5000000")]
    [InlineData("\"2022-04-10 07:38:02.123456789 +0000 UTC m=+0.012345678\"", "2022-04-10T07:38:02.1234567")]
    [InlineData("\"2022-04-10T07:38Z\"", "2022-04-10T07:38:00.0000000")]
    [InlineData("\"20220410T073802Z\"", Whole)]
    [InlineData("\"20220410T093802.5+0200\"", "2022-04-10T07:38:02.5000000")]
    [InlineData("\"20220410T073802\"", Whole)]
    [InlineData("\"20220410T0738Z\"", "2022-04-10T07:38:00.0000000")]
    [InlineData("\"2022-04-10 09:38:02 GMT +0200\"", Whole)]
    [InlineData("\"2022-04-10 09:38:02 +02:00 +03:00\"", Whole)]
    [InlineData("\"2022-04-10 16:23:02 +0845 ACWST\"", Whole)]
    [InlineData("\"2022/04/10 07:38:02\"", Whole)]
    [InlineData("\"2022-04-10\"", "2022-04-10T00:00:00.0000000")]
    [InlineData("\"2022-04-10T24:00:00Z\"", "2022-04-11T00:00:00.0000000")]
    [InlineData("\"2016-12-31T23:59:60Z\"", "2017-01-01T00:00:00.0000000")]
    // RFC 1123, 850, 822; ctime; JavaScript's and Java's toString.
    [InlineData("\"Sun, 10 Apr 2022 07:38:02 GMT\"", Whole)]
    [InlineData("\"Sun, 10 Apr 2022 09:38:02 +0200\"", Whole)]
    [InlineData("\"10 Apr 2022 07:38:02 GMT\"", Whole)]
    [InlineData("\"Sunday, 10-Apr-22 07:38:02 GMT\"", Whole)]
    [InlineData("\"10 Apr 22 07:38 UTC\"", "2022-04-10T07:38:00.0000000")]
    [InlineData("\"Sun, 10 Apr 2022 03:38:02 EDT\"", Whole)]
    [InlineData("\"Sun Apr 10 07:38:02 2022\"", Whole)]
    [InlineData("\"Fri Apr  1 07:38:02 2022\"", "2022-04-01T07:38:02.0000000")]
    [InlineData("\"Sun Apr 10 09:38:02 CEST 2022\"", Whole)]
    [InlineData("\"Sun Apr 10 09:38:02 +0200 2022\"", Whole)]
    [InlineData("\"Sun Apr 10 2022 09:38:02 GMT+0200 (Central European Summer Time)\"", Whole)]
    [InlineData("\"Apr 10, 2022, 7:38:02 AM\"", Whole)]
    [InlineData("\"Apr 10, 2022 7:38:02\u202fPM\"", "2022-04-10T19:38:02.0000000")]
    [InlineData("\"April 10, 2022 at 12:38:02 AM UTC\"", "2022-04-10T00:38:02.0000000")]
    [InlineData("\"Apr 10, 2022 7:38PM\"", "2022-04-10T19:38:00.0000000")]
    [InlineData("\"Apr 10, 2022 1:38:02 PM\"", "2022-04-10T13:38:02.0000000")]
    [InlineData("\"10 Apr 69 07:38 UTC\"", "2069-04-10T07:38:00.0000000")]
    [InlineData("\"10 Apr 70 07:38 UTC\"", "1970-04-10T07:38:00.0000000")]
    // Java's and MongoDB's objects and lists.
    [InlineData("{\"epochSecond\":1649576282,\"nano\":123456789}", "2022-04-10T07:38:02.1234567")]
    [InlineData("{\"seconds\":1649576282,\"nanos\":5}", Whole)]
    [InlineData("{\"seconds\":1649576282,\"nanos\":500000000}", "2022-04-10T07:38:02.5000000")]
    [InlineData("{\"seconds\":1649576282,\"nanos\":1000000000}", Whole)]
    [InlineData("{\"seconds\":1649576282,\"nano\":\"5\"}", Whole)]
    [InlineData("{\"more\":{\"a\":[1]},\"seconds\":1649576282}", Whole)]
    [InlineData("{\"$date\":\"2022-04-10T07:38:02Z\"}", Whole)]
    [InlineData("{\"$date\":1649576282000}", Whole)]
    [InlineData("{\"$date\":\"9999-12-31T23:59:59.9999999Z\",\"nano\":999999999}", "9999-12-31T23:59:59.9999999")]
    [InlineData("{\"$date\":{\"$numberLong\":\"1649576282000\"}}", Whole)]
    [InlineData("{\"_seconds\":1649576282,\"_nanoseconds\":123456789}", "2022-04-10T07:38:02.1234567")]
    [InlineData("[2022,4,10,7,38,2,500000000]", "2022-04-10T07:38:02.5000000")]
    [InlineData("[2022,4,10,7,38]", "2022-04-10T07:38:00.0000000")]
    public void A_time_is_read(string json, string utc)
    {
        var sent = Read(json);

        Assert.Null(sent.Unreadable);
        Assert.Equal(utc, sent.At?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("0.0")]
    [InlineData("\"0\"")]
    [InlineData("-62135596800")]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("\"1970-01-01T00:00:00Z\"")]
    public void A_time_that_was_never_set_says_nothing(string json) => Assert.Equal(SentTime.Nothing, Read(json));

    [Theory]
    [InlineData("-1649576282")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("500000000000")]
    [InlineData("true")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"soon\"")]
    [InlineData("\"12:30\"")]
    [InlineData("\"Sunday\"")]
    [InlineData("\"2022-13-10T07:38:02Z\"")]
    [InlineData("\"2022-02-30T07:38:02Z\"")]
    [InlineData("\"2022-04-10T25:00:00Z\"")]
    [InlineData("\"2022-04-10T07:61:00Z\"")]
    [InlineData("\"2022-04-10T07:38:02+99:00\"")]
    [InlineData("\"2022-04-10T07:38:02[Europe/Berlin]\"")]
    [InlineData("\"2022-04-10T07:38:02 IST\"")]
    [InlineData("\"2022-04-10T07:38:02.Z\"")]
    [InlineData("\"2022-04-10T07:38:02Z tomorrow\"")]
    [InlineData("\"2022-04-10 2022-04-11 07:38:02Z\"")]
    [InlineData("\"04/10/2022 07:38:02\"")]
    [InlineData("\"10.04.2022 07:38:02\"")]
    [InlineData("\"1649576,282\"")]
    [InlineData("\"Apr 10, 2022 13:38:02 PM\"")]
    [InlineData("\"Ap 10, 2022 07:38:02\"")]
    [InlineData("\"2022-04 2022-04-10T07:38:02Z\"")]
    [InlineData("\"123 2022-04-10 07:38:02Z\"")]
    [InlineData("\"5th 2022-04-10 07:38:02Z\"")]
    [InlineData("\"2022-04-10T07:38:02:05Z\"")]
    [InlineData("\"2022-04-10T07:38:123Z\"")]
    [InlineData("\"2022-04-10T07:38:02.5.5Z\"")]
    [InlineData("\"20220410T073802.Z\"")]
    [InlineData("\"2022-04-10 07:38:02Z 07:38:02\"")]
    [InlineData("\"2022-04-10T09:38:02+02:00 tomorrow\"")]
    [InlineData("\"2022-04-10T09:38:02+02:00 x1\"")]
    [InlineData("\"1,649,576,282\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"1969-12-31T23:59:59Z\"")]
    [InlineData("\"0026-04-10T07:38:02Z\"")]
    [InlineData("\"0001-01-01T00:00:00-05:00\"")]
    [InlineData("[26,4,10,7,38,2]")]
    [InlineData("{\"$date\":\"0026-04-10T07:38:02Z\",\"nano\":5}")]
    [InlineData("[1649576282]")]
    [InlineData("[2022,4,10,7,38,2,0,0]")]
    [InlineData("[2022,4,10,7,\"38\"]")]
    [InlineData("{\"time\":1649576282}")]
    [InlineData("{\"epochSecond\":\"soon\"}")]
    [InlineData("{\"\\ud800\":1,\"seconds\":[]}")]
    [InlineData("{\"$date\":{\"$date\":1649576282}}")]
    public void What_cannot_be_read_is_kept_as_it_was_written(string json)
    {
        var sent = Read(json);

        Assert.Null(sent.At);
        Assert.False(string.IsNullOrEmpty(sent.Unreadable));
    }

    [Fact]
    public void What_cannot_be_read_is_kept_in_part_where_it_is_long()
    {
        Assert.Equal(new string('x', 40), Read($"\"{new string('x', 40)}\"").Unreadable);
        Assert.Equal(new string('x', 40) + "…", Read($"\"{new string('x', 5000)}\"").Unreadable);
        Assert.Equal(("5e11", "500000000000"), (Read("\"5e11\"").Unreadable, Read("500000000000").Unreadable));
    }

    [Fact]
    public void Every_number_that_is_read_is_a_time_that_can_be_shown()
    {
        for (var exponent = 0; exponent < 25; exponent++)
        {
            foreach (var digit in (int[])[1, 2, 3, 9])
            {
                if (Read($"{digit}e{exponent}").At is { } time) Assert.InRange(time.Year, 1970, 9999);
            }
        }
    }

    [Fact]
    public void A_second_never_becomes_a_time_before_it_in_another_unit()
    {
        for (var second = 1m; second <= 253_402_300_799m; second = (second * 1.01m) + 1)
            Assert.Equal((long)second, Read(((long)second).ToString(CultureInfo.InvariantCulture)).At?.ToUnixTimeSeconds());
    }

    [Fact]
    public void A_response_is_read_the_same_way()
    {
        using var answer = JsonDocument.Parse("""{"timestamp":"2022-04-10T07:38:02Z","changed_at":1649576282,"none":null}""");

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1649576282), SentTime.Read(answer.RootElement.GetProperty("timestamp")).At);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1649576282), SentTime.Read(answer.RootElement.GetProperty("changed_at")).At);
        Assert.Equal(SentTime.Nothing, SentTime.Read(answer.RootElement.GetProperty("none")));
    }

    private static SentTime Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        Assert.True(reader.Read());
        var sent = SentTime.Read(ref reader);
        Assert.Equal(0, reader.CurrentDepth);
        Assert.False(reader.Read());
        return sent;
    }
}
