using System.Text;
using BigPanda.Functions.DeadLetters;

namespace BigPanda.Functions.Tests.DeadLetters;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("""{"app_key":"HIDDEN","host":"db-1"}""", """{"app_key":"***","host":"db-1"}""")]
    [InlineData("""{"Db-Password":["HIDDEN",{"a":"HIDDEN"}],"n":1}""", """{"Db-Password":"***","n":1}""")]
    [InlineData("""{"authToken":7}""", """{"authToken":"***"}""")]
    [InlineData("""[{"name":"api.key","value":"HIDDEN"},{"name":"a","value":"b"}]""", """[{"name":"api.key","value":"***"},{"name":"a","value":"b"}]""")]
    [InlineData("""{"tagName":"secret","tagValue":"HIDDEN"}""", """{"tagName":"secret","tagValue":"***"}""")]
    [InlineData("""{"tags":["password:HIDDEN","team:db"]}""", """{"tags":["password:***","team:db"]}""")]
    [InlineData("""["https://ada:HIDDEN@example.com/a?b=c&access_token=HIDDEN&d=e"]""", """["https://***@example.com/a?b=c&access_token=***&d=e"]""")]
    [InlineData("""{"url":"https://example.com/blob?sv=1&sig=HIDDEN&se=2"}""", """{"url":"https://example.com/blob?sv=1&sig=***&se=2"}""")]
    [InlineData("""{"text":"sent Authorization: Bearer HIDDEN to it"}""", """{"text":"sent Authorization: Bearer *** to it"}""")]
    [InlineData("""{"keyId":"0123456789ab","key":"HIDDENaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", """{"keyId":"0123456789ab","key":"***"}""")]
    [InlineData("""{"a":{"b":[true,null,1.50,"é中"]}}""", """{"a":{"b":[true,null,1.50,"é中"]}}""")]
    [InlineData("password=HIDDEN; user=ada", "password=***; user=ada")]
    [InlineData("""{"password": "HIDDEN", """, """{"password": "***", """)]
    [InlineData("""{"password": "HIDDEN horse, HIDDEN \" HIDDEN", "n":1,""", """{"password": "***", "n":1,""")]
    [InlineData("""{"password": "HIDDEN horse""", """{"password": "***""")]
    [InlineData("""{'secret': 'HIDDEN horse', 'n':1}""", """{'secret': '***', 'n':1}""")]
    [InlineData("""{"a":"{\"password\": \"HIDDEN horse\"}",""", """{"a":"{\"password\": \"***"}",""")]
    [InlineData("""{"passwords": ["HIDDEN", "HIDDEN"], "n":1,""", """{"passwords": [***], "n":1,""")]
    [InlineData("""{"text":"password='HIDDEN horse' failed"}""", """{"text":"password='***' failed"}""")]
    [InlineData("amqp://ada:HIDDEN@HIDDEN@host/a", "amqp://***@host/a")]
    [InlineData("""["https://example.com","ada@example.com",""", """["https://example.com","ada@example.com",""")]
    [InlineData("Authorization: HIDDEN", "Authorization: ***")]
    [InlineData("Authorization: GenieKey HIDDEN!HIDDEN", "Authorization: GenieKey ***")]
    [InlineData("wrong token password: HIDDEN", "wrong token ***: ***")]
    [InlineData("Cookie: a=HIDDEN; b=HIDDEN\nHost: db-1", "Cookie: ***\nHost: db-1")]
    [InlineData("https://example.com/api/alerts?code=HIDDEN&a=b", "https://example.com/api/alerts?code=***&a=b")]
    [InlineData("exit code=7, error?code=HIDDEN", "exit code=7, error?code=***")]
    [InlineData("x-functions-key: HIDDEN", "x-functions-key: ***")]
    [InlineData("""{"x-functions-key":"HIDDEN"}""", """{"x-functions-key":"***"}""")]
    [InlineData("not JSON at all", "not JSON at all")]
    [InlineData("", "")]
    public void What_looks_like_a_secret_is_not_shown(string body, string shown)
    {
        var redacted = Redaction.Of(Encoding.UTF8.GetBytes(body));

        Assert.Equal(shown, redacted);
        Assert.DoesNotContain("HIDDEN", redacted, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_a_secret_by_the_name_of_a_member_is_one_in_a_text() => Assert.All(
        Redaction.SecretNames,
        name => Assert.Equal($"X_{name}=***, {name} = ***;", Redaction.Of(Encoding.UTF8.GetBytes($"X_{name}=HIDDEN, {name} = HIDDEN;"))));

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\ud800":"a"}""")]
    public void Half_a_surrogate_pair_is_shown_as_it_was_written(string body) => Assert.Equal(body, Redaction.Of(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Bytes_that_are_no_text_are_not_shown()
    {
        Assert.Null(Redaction.Of(new byte[] { 0xff, 0xfe, 0x00 }));
        Assert.Null(Redaction.Of(Enumerable.Repeat((byte)0xff, 3 * Redaction.MaxBytes).ToArray()));
    }

    [Theory]
    [InlineData("{\"a\":\"", "é", "\"}")]
    [InlineData("[\"", "\",\"中", "\"]")]
    [InlineData("", "text 中", "")]
    public void Only_the_beginning_of_a_long_body_is_shown(string begin, string part, string end)
    {
        var shown = Redaction.Of(Encoding.UTF8.GetBytes(begin + string.Concat(Enumerable.Repeat(part, 100_000)) + end)) ?? "";

        Assert.InRange(Encoding.UTF8.GetByteCount(shown), Redaction.MaxBytes - 3, Redaction.MaxBytes + 3);
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\ufffd', shown);
    }
}
