using System.Text;
using BigPanda.Functions.Vendors.PagerDuty.Preview;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Preview;

public sealed class PreviewRequestTests
{
    [Fact]
    public void A_stored_alert_is_named_by_its_incident() => Assert.Equal("a/b \"c\"", Read("""{"incidentId":"a/b \"c\""}""").Request?.IncidentId);

    [Fact]
    public void A_payload_is_taken_as_it_was_sent_with_the_headers_that_count()
    {
        var (request, error) = Read(
            """{"payload": {"incident" : {"id":"x"}}, "source":"main", "headers":{"X-BP-Mapping-Fields":"a=group","Authorization":"Bearer x"}}""");

        Assert.True(request is not null, error);
        Assert.Equal("""{"incident" : {"id":"x"}}""", Encoding.UTF8.GetString(request.Payload.Span));
        Assert.Equal(new Dictionary<string, string> { ["x-bp-mapping-fields"] = "a=group" }, request.Headers);
        Assert.Equal("main", request.Source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"incidentId":""}""")]
    [InlineData("""{"incidentId":1}""")]
    [InlineData("""{"incidentId":"a","payload":{}}""")]
    [InlineData("""{"incidentId":"a","incidentId":"b"}""")]
    [InlineData("""{"incidentId":"a","headers":{"x-bp-a":"b"}}""")]
    [InlineData("""{"incidentId":"a","source":"main"}""")]
    [InlineData("""{"incidentId":"\ud800"}""")]
    [InlineData("""{"payload":"{}"}""")]
    [InlineData("""{"payload":{},"headers":[]}""")]
    [InlineData("""{"payload":{},"headers":{"x-bp-a":1}}""")]
    [InlineData("""{"payload":{},"more":1}""")]
    public void Anything_else_is_refused_with_what_is_valid(string body)
    {
        var (request, error) = Read(body);

        Assert.Null(request);
        Assert.Contains("payload", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"incidentId":1}""", "incidentId")]
    [InlineData("""{"payload":{},"headers":{"x-bp-a":1}}""", "headers")]
    [InlineData("""{"payload":{},"mo\u001bre":1}""", "mo?re")]
    public void The_member_that_is_wrong_is_named(string body, string member) =>
        Assert.StartsWith($"{member} is unknown or has a value of the wrong type.", Read(body).Error, StringComparison.Ordinal);

    private static (PreviewRequest? Request, string Error) Read(string body) => PreviewRequest.Read(Encoding.UTF8.GetBytes(body));
}
