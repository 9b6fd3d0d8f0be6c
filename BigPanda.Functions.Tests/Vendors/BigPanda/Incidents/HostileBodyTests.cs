using System.Globalization;
using System.Text;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

/// <summary>Broken, huge and malicious bodies. A test that ends in time is part of the result: no body may cost more than linear time.</summary>
public sealed class HostileBodyTests
{
    private const int Large = 8 * 1024 * 1024;

    [Fact]
    public void A_body_cut_anywhere_is_refused_as_not_json()
    {
        var body = Samples.Published;

        for (var length = 0; length < body.Length; length++) Assert.Equal(Scanned.NotJson, Scanned.Of(body.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    [InlineData((int)'"')]
    [InlineData((int)'\\')]
    [InlineData((int)'{')]
    public void Any_byte_may_be_missing_or_wrong(int? octet)
    {
        var body = Samples.Published;

        for (var at = 0; at < body.Length; at++) Examine(SamplesEditor.Replace(body, at, 1, octet is { } wrong ? [(byte)wrong] : []));
    }

    [Fact]
    public void Every_value_may_be_of_any_type()
    {
        var body = Samples.Published;
        var accepted = 0;

        foreach (var place in SamplesEditor.Places(body).Where(place => !place.IsName))
        {
            foreach (var value in (string[])["\"text\"", "17", "-1.5e400", "true", "false", "null", "{}", "[]", "[{}]", "[null,1]", "{\"id\":[]}", "\"\""])
            {
                if (Examine(SamplesEditor.Replace(body, place, value))) accepted++;
            }
        }

        Assert.InRange(accepted, 1400, int.MaxValue);
    }

    [Theory]
    [InlineData("""\u0000""")]
    [InlineData("""\u001b[31m\r\n\u2028\u202e""")]
    [InlineData("""\ud800""")]
    [InlineData("""\udc00\ud800""")]
    [InlineData("""\ud83d\ude00\ud83d""")]
    [InlineData("""\uFFFF\ufffe\u0085""")]
    public void Every_text_and_name_may_hold_any_escape(string escape)
    {
        var body = Samples.Published;

        foreach (var place in SamplesEditor.Places(body).Where(place => place.IsName || place.Type == System.Text.Json.JsonTokenType.String))
        {
            var original = Encoding.UTF8.GetString(body.AsSpan(place.Start + 1, place.Length - 2));
            Assert.Equal(!IsNeeded(place), Examine(SamplesEditor.Replace(body, place, $"\"{original}{escape}\"")));
        }
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x0A)]
    [InlineData(0x1F)]
    [InlineData(0xC0)]
    [InlineData(0xED)]
    [InlineData(0xF5)]
    [InlineData(0x80)]
    public void A_raw_control_character_or_broken_utf8_in_any_text_or_name_is_not_json(int octet)
    {
        var body = Samples.Published;

        foreach (var place in SamplesEditor.Places(body).Where(place => place.IsName || place.Type == System.Text.Json.JsonTokenType.String))
            Assert.Equal(Scanned.NotJson, Scanned.Of(SamplesEditor.Replace(body, place.Start + 1, 0, [(byte)octet])));
    }

    [Fact]
    public void Sixty_four_levels_are_read_and_one_more_is_refused()
    {
        Assert.True(Examine(Incident("\"deep\":" + new string('[', 62) + new string(']', 62))));
        Assert.False(Examine(Incident("\"deep\":" + new string('[', 63) + new string(']', 63))));
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Ten_thousand_levels_are_refused(char open, char close)
    {
        var opening = open == '[' ? "[" : "{\"a\":";
        var nested = string.Concat(Enumerable.Repeat(opening, 10_000)) + "1" + new string(close, 10_000);

        Assert.Equal(Scanned.NotJson, Scanned.Of(nested));
        Assert.False(Examine(Incident($"\"alerts\":{nested}")));
    }

    [Fact]
    public void A_mebibyte_of_brackets_is_refused() => Assert.Equal(Scanned.NotJson, Scanned.Of(new string('[', 1024 * 1024)));

    [Fact]
    public void One_huge_text_is_read() => Assert.True(Examine(Incident($"\"status\":\"{new string('x', Large)}\"")));

    [Fact]
    public void One_huge_text_of_escapes_is_read() => Assert.True(Examine(Incident($"\"status\":\"{Repeat("""\ud800\n""", Large)}\"")));

    [Fact]
    public void A_huge_id_is_refused() => Assert.Equal("incident.id", Scanned.Of($$$"""{"incident":{"id":"{{{new string('x', Large)}}}"}}"""));

    [Fact]
    public void A_huge_number_is_read() => Assert.True(Examine(Incident($"\"changedOn\":1{new string('0', Large)}")));

    [Fact]
    public void A_million_numbers_are_read() => Assert.True(Examine(Incident($"\"alerts\":[{Repeat("12345,", 6_000_000)}0]")));

    [Fact]
    public void Ninety_thousand_distinct_keys_are_read() =>
        Assert.True(
            Examine(Incident(string.Join(',', Enumerable.Range(0, 90_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"key-{i}\":{i}"))))));

    [Fact]
    public void Ninety_thousand_tags_are_read()
    {
        var tags = Enumerable.Range(0, 90_000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"tag-{{i}}","value":{{i}}}"""));

        Assert.True(Examine(Incident($"\"incidentTags\":[{string.Join(',', tags)}]")));
    }

    [Fact]
    public void Ninety_thousand_values_of_one_tag_are_read()
    {
        var tags = Enumerable.Range(0, 90_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"tag:{i}\""));

        Assert.True(Examine(Incident($"\"incidentTags\":[{string.Join(',', tags)}]")));
    }

    [Fact]
    public void Two_long_lists_of_one_tag_are_read()
    {
        var (first, second) = (Numbers(0), Numbers(200_000));

        Assert.True(Examine(Incident($"\"incidentTags\":{{\"t\":[{first}],\"t\":[{second}]}}")));

        static string Numbers(int from) => string.Join(',', Enumerable.Range(from, 200_000));
    }

    [Fact]
    public void Half_a_million_ids_are_refused() => Assert.Equal("incident.id", Scanned.Of(Incident(Repeat("\"id\":\"\\ud800\",", Large) + "\"x\":1")));

    [Fact]
    public void Half_a_million_half_surrogates_are_read() =>
        Assert.True(Examine(Incident($"\"incidentTags\":[{{\"id\":\"t\",\"value\":[{Repeat("\"\\ud800\",", Large)}0]}}]")));

    [Fact]
    public void Half_a_million_names_with_half_surrogates_are_read() => Assert.True(Examine(Incident(Repeat("\"\\ud800\":1,", Large) + "\"x\":1")));

    [Fact]
    public void A_million_empty_alerts_are_read() => Assert.True(Examine(Incident($"\"alerts\":[{Repeat("{},", 3_000_000)}{{}}]")));

    [Fact]
    public void Eight_mebibytes_of_blanks_are_passed_over() =>
        Assert.Equal(Scanned.Accepted, Scanned.Of(new string(' ', Large) + """{"incident":{"id":"i"}}"""));

    /// <summary>Asserts that nothing is thrown and that the reader reads what the scanner accepts. True when it was accepted.</summary>
    private static bool Examine(byte[] body)
    {
        if (!IncidentScanner.TryScan(body, out var id, out var error))
        {
            Assert.True(error.IsJson || error is { Line: > 0, Position: >= 0 });
            return false;
        }

        Assert.Equal(id, IncidentReader.Read(body).Id);
        return true;
    }

    private static bool IsNeeded(JsonPlace place) => place.Path == "$.incident.id" || place is { IsName: true, Path: "$.incident" };

    private static byte[] Incident(string fields) => Encoding.UTF8.GetBytes($$$"""{"incident":{"id":"i",{{{fields}}}}}""");

    /// <summary>Repeats the part as often as it fits into this many bytes.</summary>
    private static string Repeat(string part, int bytes) => new StringBuilder(bytes).Insert(0, part, bytes / part.Length).ToString();
}
