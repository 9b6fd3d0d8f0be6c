using System.Text.Json;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Audit;

/// <summary>What a running bridge keeps of what people change.</summary>
[Collection(BridgeCollection.Name)]
public sealed class AuditOverHttpTests(AppFixture app)
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task A_resolve_a_comment_and_a_refusal_are_in_the_trail_with_who_asked()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.CommentAsync(id, "a secret word", "bob")).Expect(202);
        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        (await _bridge.CommentAsync(id, "", "eve")).Expect(400);
        (await _bridge.ResolveAsync($"{id}-unknown", "fixed")).Expect(404);

        var entries = await ListAsync($"target={id}");
        Assert.Equal(
            [("alert.comment", "eve", "refused", "invalid-body"), ("alert.resolve", "ada", "ok", null), ("alert.comment", "bob", "ok", null)],
            entries.Select(Show));
        Assert.Equal([("alert.resolve", "api", "refused", "alert-not-found")], (await ListAsync($"target={id}-unknown")).Select(Show));
        Assert.DoesNotContain("a secret word", JsonSerializer.Serialize(entries), StringComparison.Ordinal);
        Assert.All(entries, entry => Assert.NotEqual("", entry.GetProperty("trace").GetString()));
    }

    [Fact]
    public async Task A_source_and_its_tokens_are_in_the_trail_without_the_tokens()
    {
        var created = (await _bridge.PostAsync("/api/sources", """{"name":"audited"}""")).Expect(201).Json;
        var id = created.GetProperty("source").GetProperty("id").GetString();
        var token = (await _bridge.PostAsync($"/api/sources/{id}/tokens", "{}")).Expect(201).Json;
        await SendAsync(HttpMethod.Patch, $"/api/sources/{id}", """{"name":"renamed","silentAfterHours":5}""");
        await SendAsync(HttpMethod.Delete, $"/api/sources/{id}/tokens/{token.GetProperty("id").GetString()}", null);
        await SendAsync(HttpMethod.Delete, $"/api/sources/{id}", null);

        var entries = await ListAsync($"target={id}");
        Assert.Equal(
            ["source.delete", "source.deleteToken", "source.change", "source.addToken", "source.create"],
            entries.Select(entry => entry.GetProperty("action").GetString()));
        Assert.Equal("name, silentAfterHours", entries[2].GetProperty("detail").GetString());
        Assert.Equal($"token {token.GetProperty("id").GetString()}", entries[3].GetProperty("detail").GetString());
        Assert.DoesNotContain(created.GetProperty("bearerToken").GetString() ?? "", JsonSerializer.Serialize(entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_has_a_continuation_and_reading_makes_no_entry()
    {
        const string Replay = """{"queue":"alert-events","all":true,"dryRun":true,"actor":"ada"}""";
        const string Path = "/api/audit?action=deadLetters.replay";
        for (var i = 0; i < 3; i++) (await _bridge.PostAsync("/api/dead-letters/replay", Replay)).Expect(200);
        var first = (await _bridge.GetAsync($"{Path}&limit=2")).Expect(200).Json;
        var second = (await _bridge.GetAsync($"{Path}&limit=1&continuation={first.GetProperty("continuation").GetString()}")).Expect(200).Json;

        Assert.Equal(2, first.GetProperty("items").GetArrayLength());
        Assert.Equal("all, dry run", second.GetProperty("items")[0].GetProperty("detail").GetString());
        Assert.Empty(await ListAsync("target=audit"));
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=1")]
    [InlineData("from=2027-01-02&to=2027-01-01")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("action=everything")]
    [InlineData("continuation=x")]
    public async Task Parameters_that_are_not_understood_are_refused(string query) => (await _bridge.GetAsync($"/api/audit?{query}")).Expect(400);

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string query) =>
        [.. (await _bridge.GetAsync($"/api/audit?{query}")).Expect(200).Json.GetProperty("items").EnumerateArray()];

    private async Task SendAsync(HttpMethod method, string path, string? json)
    {
        using var content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var request = new HttpRequestMessage(method, _bridge.At(path)) { Content = content };
        request.Headers.Add("x-functions-key", app.Host.Setup.FunctionKey);
        Assert.InRange((await BridgeClient.SendAsync(request)).Status, 200, 204);
    }

    private static (string?, string?, string?, string?) Show(JsonElement entry) => (
        entry.GetProperty("action").GetString(), entry.GetProperty("actor").GetString(), entry.GetProperty("result").GetString(),
        entry.GetProperty("code").GetString());
}
