using System.Text;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

public sealed class IncidentScannerTests
{
    [Theory]
    [InlineData("""{"incident":{"id":"i"}}""")]
    [InlineData("""{"incident":{"id":"i","active":null,"resolved":null},"event_types":null}""")]
    [InlineData("""{"a":{"incident":{"id":5}},"incident":{"x":{"id":7},"id":"i","y":{"id":[]}},"b":[{"incident":1}]}""")]
    [InlineData("""{"incident":{"id":"..."}}""")]
    [InlineData("""{"incident":{"id":"i","active":"maybe","resolved":[]},"event_types":{}}""")]
    [InlineData("""{"incident":{"id":"i","active":1,"resolved":{}},"event_types":"incident#new"}""")]
    [InlineData("""{"incident":{"id":"i"},"metadata":"a text","links":7,"incidentTags":true,"relatedChanges":{},"event_types":[1,"two",null,[]]}""")]
    [InlineData(" \t\r\n{\"incident\" : { \"id\" : \"i\" } } \r\n")]
    public void Only_the_id_decides(string json) => Assert.Equal(Scanned.Accepted, Scanned.Of(json));

    [Theory]
    [InlineData("[]", "$")]
    [InlineData("null", "$")]
    [InlineData("\"incident\"", "$")]
    [InlineData("12", "$")]
    [InlineData("{}", "incident")]
    [InlineData("""{"Incident":{"id":"i"}}""", "incident")]
    [InlineData("""{"incident":null}""", "incident")]
    [InlineData("""{"incident":"i"}""", "incident")]
    [InlineData("""{"incident":[{"id":"i"}]}""", "incident")]
    [InlineData("""{"incident":{}}""", "incident.id")]
    [InlineData("""{"incident":{"ID":"i","iD":"i"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":null}}""", "incident.id")]
    [InlineData("""{"incident":{"id":17}}""", "incident.id")]
    [InlineData("""{"incident":{"id":["i"]}}""", "incident.id")]
    [InlineData("""{"incident":{"id":{"id":"i"}}}""", "incident.id")]
    [InlineData("""{"incident":{"id":true}}""", "incident.id")]
    [InlineData("""{"incident":{"id":""}}""", "incident.id")]
    [InlineData("""{"incident":{"id":" \t "}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"\u002e\u002e"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"a\u0000b"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"a\r\nb"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"a\u007fb"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"a\u0085b"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"a\ud800b"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"\udc00"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"."}}""", "incident.id")]
    [InlineData("""{"incident":{"id":".."}}""", "incident.id")]
    public void What_is_no_incident_is_refused_by_field(string json, string field) => Assert.Equal(field, Scanned.Of(json));

    [Theory]
    [InlineData("""{"incident":{"id":"a"},"incident":{"id":"b"}}""", "incident")]
    [InlineData("""{"incident":{"id":"a"},"incident":{"id":"a"}}""", "incident")]
    [InlineData("""{"incident":{"id":"a"},"\u0069ncident":{"id":"b"}}""", "incident")]
    [InlineData("""{"incident":{"id":"a"},"inciden\u0074":null}""", "incident")]
    [InlineData("""{"incident":{"id":"a","id":"b"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":"a","\u0069d":"b"}}""", "incident.id")]
    [InlineData("""{"incident":{"\u0069\u0064":"a","i\u0064":"b"}}""", "incident.id")]
    [InlineData("""{"incident":{"id":5,"id":"b"}}""", "incident.id")]
    public void A_key_that_decides_may_not_come_twice(string json, string field) => Assert.Equal(field, Scanned.Of(json));

    [Fact]
    public void An_escaped_key_is_that_key()
    {
        var body = """{"\u0069ncident":{"i\u0064":"a\/b\u00e4"}}"""u8;

        Assert.True(IncidentScanner.TryScan(body, out var id, out _));
        Assert.Equal("a/bä", id);
        Assert.Equal(id, IncidentReader.Read(body).Id);
    }

    [Theory]
    [InlineData("""{"\ud800":1,"incident":{"id":"i"}}""")]
    [InlineData("""{"\ud800xx":1,"incident":{"id":"i"}}""")]
    [InlineData("""{"\udfaa\udfaa":1,"incident":{"id":"i"}}""")]
    [InlineData("""{"incident":{"\ud800":1,"id":"i"}}""")]
    [InlineData("""{"incident":{"id":"i","\udc00d":1}}""")]
    [InlineData("""{"incident":{"id":"i","alerts":[{"\ud83d":1,"tags":[{"\ud83d":2}]}]}}""")]
    [InlineData("""{"incident":{"id":"i"},"event_types":[{"\ud83d":1}],"metadata":{"\ud83d":1}}""")]
    public void A_key_with_half_a_surrogate_pair_is_an_unknown_field(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);

        Assert.Equal(Scanned.Accepted, Scanned.Of(body));
        Assert.Equal("i", IncidentReader.Read(body).Id);
    }

    [Fact]
    public void An_id_may_have_128_characters_and_no_more()
    {
        Assert.Equal(Scanned.Accepted, Scanned.Of($$$"""{"incident":{"id":"{{{new string('x', 128)}}}"}}"""));
        Assert.Equal("incident.id", Scanned.Of($$$"""{"incident":{"id":"{{{new string('x', 129)}}}"}}"""));
    }

    [Theory]
    [InlineData("[]", "The body must be an object.")]
    [InlineData("{}", "incident is missing.")]
    [InlineData("""{"incident":[]}""", "incident must be an object.")]
    [InlineData("""{"incident":{"id":"a"},"incident":{}}""", "incident appears twice.")]
    [InlineData("""{"incident":{}}""", "incident.id is missing.")]
    [InlineData("""{"incident":{"id":"a","id":["b"]}}""", "incident.id appears twice.")]
    [InlineData("""{"incident":{"id":{"a":1}}}""", "incident.id must be a string.")]
    [InlineData("""{"incident":{"id":" "}}""", "incident.id must be a non-empty string.")]
    [InlineData("""{"incident":{"id":"a\tb"}}""", "incident.id contains a control character.")]
    [InlineData("""{"incident":{"id":"\u0080"}}""", "incident.id contains a control character.")]
    [InlineData("""{"incident":{"id":"\u001f"}}""", "incident.id contains a control character.")]
    [InlineData("""{"incident":{"id":"\u009f"}}""", "incident.id contains a control character.")]
    [InlineData("""{"incident":{"id":"\ud800"}}""", "incident.id has half a character: an escaped surrogate without its other half.")]
    [InlineData("""{"incident":{"id":"."}}""", "incident.id must not be . or .., which a URL path cannot contain.")]
    public void Each_error_has_its_own_text(string json, string detail) => Assert.Equal(detail, Scanned.ErrorOf(Encoding.UTF8.GetBytes(json)).Detail);

    [Theory]
    [InlineData("a b")]
    [InlineData("\u007e")]
    [InlineData("\u00a0x")]
    public void The_characters_next_to_control_characters_are_accepted(string id) =>
        Assert.Equal(Scanned.Accepted, Scanned.Of($$$"""{"incident":{"id":"{{{id}}}"}}"""));

    [Fact]
    public void A_too_long_id_is_reported_with_the_limit_and_a_rejected_body_has_no_id()
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"incident":{"id":"{{{new string('x', 129)}}}"}}""");

        Assert.False(IncidentScanner.TryScan(body, out _, out var tooLong));
        Assert.Equal("incident.id is longer than 128 characters.", tooLong.Detail);
        Assert.False(IncidentScanner.TryScan("{}"u8, out var none, out _));
        Assert.Equal("", none);
    }

    [Theory]
    [InlineData("", "The body is empty.")]
    [InlineData("{", "The body is not valid JSON.")]
    [InlineData("""{"incident":{"id":"a"}} {}""", "The body is not valid JSON.")]
    [InlineData("""[] x""", "The body is not valid JSON.")]
    public void A_body_that_is_not_JSON_is_reported_as_such(string json, string detail) =>
        Assert.Equal(detail, Scanned.ErrorOf(Encoding.UTF8.GetBytes(json)).Detail);

    [Fact]
    public void The_first_error_is_reported() =>
        Assert.Equal("incident.id must be a string.", Scanned.ErrorOf("""{"incident":{"active":0,"id":1},"incident":0}"""u8).Detail);

    [Theory]
    [InlineData("{", 1, 1)]
    [InlineData("{\n  \"incident\": }", 2, 14)]
    [InlineData("{\"incident\":{\"id\":\"i\"}}\n\nx", 3, 0)]
    [InlineData("{\"incident\":{\"id\":\"i\"},}", 1, 23)]
    [InlineData("", 1, 0)]
    public void The_position_of_an_error_is_reported(string json, long line, long position)
    {
        var error = Scanned.ErrorOf(Encoding.UTF8.GetBytes(json));

        Assert.False(error.IsJson);
        Assert.Equal((line, position), (error.Line, error.Position));
    }

    [Theory]
    [InlineData("", 0, 1, 0)]
    [InlineData("{\"incident\":\"", 0, 1, 13)]
    [InlineData("äöü\nß", 0, 2, 2)]
    [InlineData("{\"a\":\"", 100_000, 1, 200_006)]
    [InlineData("\n\n{\"a\":\"€🔥", 1, 3, 15)]
    public void The_position_of_an_invalid_utf8_byte_is_reported(string before, int umlauts, long line, long position)
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(before + new string('ä', umlauts)), 0xFF, .. "ääää\n\"}"u8];

        var error = Scanned.ErrorOf(body);

        Assert.Equal("The body is not valid UTF-8.", error.Detail);
        Assert.Equal((line, position), (error.Line, error.Position));
    }

    [Fact]
    public void A_character_cut_at_the_end_is_not_utf8()
    {
        var error = Scanned.ErrorOf("\"ä"u8[..2]);

        Assert.Equal("The body is not valid UTF-8.", error.Detail);
        Assert.Equal((1L, 1L), (error.Line, error.Position));
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. Samples.Published];

        Assert.True(IncidentScanner.TryScan(body, out var id, out _));
        Assert.Equal(id, IncidentReader.Read(body).Id);
        Assert.Equal(Scanned.NotJson, Scanned.Of(body.AsSpan(0, 3)));
        Assert.Equal(Scanned.NotJson, Scanned.Of((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF, .. body]));
    }

    [Fact]
    public void A_scan_of_the_published_sample_allocates_at_most_1_KiB()
    {
        const int Scans = 1000;
        var body = Samples.Published;
        for (var i = 0; i < 10; i++) IncidentScanner.TryScan(body, out _, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Scans; i++) IncidentScanner.TryScan(body, out _, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated / Scans, 0, 1024);
    }
}
