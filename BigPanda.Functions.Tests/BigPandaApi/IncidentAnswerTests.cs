using BigPanda.Functions.BigPandaApi;

namespace BigPanda.Functions.Tests.BigPandaApi;

public sealed class IncidentAnswerTests
{
    [Theory]
    [InlineData("""{"active":true}""", true)]
    [InlineData("""{"active":false,"folders":["active"]}""", false)]
    [InlineData("""{"folders":["active","shared"]}""", true)]
    [InlineData("""{"folders":["resolved"]}""", false)]
    [InlineData("""{"folders":["\ud83d000","resolved"]}""", false)]
    [InlineData("""{"status":"ok"}""", null)]
    [InlineData("[]", null)]
    [InlineData("<html>", null)]
    [InlineData(null, null)]
    public void Whether_an_incident_is_active_is_told_by_active_or_its_folders(string? body, bool? isActive) => Assert.Equal(isActive, IncidentAnswer.IsActive(body));

    [Theory]
    [InlineData("""[{"params":{"comment":"another"}},{"params":{"comment":"ours"}}]""", true)]
    [InlineData("""[{"params":{"comment":"\ud83d"}},{"params":{"comment":"ours"}}]""", true)]
    [InlineData("""[{"params":{"comment":"ours, too"}}]""", false)]
    [InlineData("""[{"params":null},{"params":{"comment":7}},7]""", false)]
    [InlineData("""{"items":[]}""", false)]
    public void A_comment_is_found_among_the_activities(string body, bool found) => Assert.Equal(found, IncidentAnswer.HasComment(body, "ours"));
}
