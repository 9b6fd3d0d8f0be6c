using System.Text;
using BigPanda.Functions.Http;
using BigPanda.Functions.Operations;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Http;

public sealed class JsonResponseTests
{
    [Fact]
    public async Task What_people_write_is_shown_as_they_wrote_it()
    {
        const string text = "Größe \"über\" 90 %: l'été & <b> …";
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };

        await JsonResponse.Of(new ReadinessView("degraded", [], [text], []), ReadinessJson.Default.ReadinessView, 503).ExecuteAsync(context);

        Assert.Equal((503, "application/json; charset=utf-8"), (context.Response.StatusCode, context.Response.ContentType));
        Assert.Equal(
            """{"status":"degraded","dependencies":[],"notices":["Größe \"über\" 90 %: l'été & <b> …"],"queues":[]}""",
            Encoding.UTF8.GetString(body.ToArray()));
    }
}
