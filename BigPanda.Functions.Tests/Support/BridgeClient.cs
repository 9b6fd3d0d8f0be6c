using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A client of the bridge over HTTP, with the keys of setup.json, for BigPanda's calls and people's.</summary>
internal sealed class BridgeClient(Setup setup)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });

    public Task<TextResponse> PostWebhookAsync(IncidentWebhook webhook)
    {
        var request = Webhook(Json(Encoding.UTF8.GetBytes(webhook.ToJson())));
        foreach (var (name, value) in webhook.Headers) request.Headers.Add(name, value);
        return SendAsync(request);
    }

    public Task<TextResponse> PostWebhookAsync(byte[] body) => SendAsync(Webhook(Json(body)));

    public HttpRequestMessage Webhook(HttpContent body) =>
        new(HttpMethod.Post, setup.CallbackUrl) { Content = body, Headers = { Authorization = new("Bearer", setup.BearerToken) } };

    /// <summary>Posts webhooks one after the other; each must be accepted.</summary>
    public async Task PostWebhooksAsync(params IEnumerable<IncidentWebhook> webhooks)
    {
        foreach (var webhook in webhooks) (await PostWebhookAsync(webhook)).Expect(202);
    }

    public Task<TextResponse> GetAsync(string path) => SendAsync(WithKey(new HttpRequestMessage(HttpMethod.Get, At(path))));

    public Task<TextResponse> PostAsync(string path, string json) =>
        SendAsync(WithKey(new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = Json(Encoding.UTF8.GetBytes(json)) }));

    public Task<TextResponse> PutAsync(string path, string json) =>
        SendAsync(WithKey(new HttpRequestMessage(HttpMethod.Put, At(path)) { Content = Json(Encoding.UTF8.GetBytes(json)) }));

    public Task<TextResponse> PatchAsync(string path, string json) =>
        SendAsync(WithKey(new HttpRequestMessage(HttpMethod.Patch, At(path)) { Content = Json(Encoding.UTF8.GetBytes(json)) }));

    public Task<TextResponse> DeleteAsync(string path) => SendAsync(WithKey(new HttpRequestMessage(HttpMethod.Delete, At(path))));

    public Task<TextResponse> CommentAsync(string incidentId, string comment, string? actor = null) =>
        PostAsync($"{AlertPath(incidentId)}/comments", new JsonObject { ["comment"] = comment, ["actor"] = actor }.ToJsonString());

    public Task<TextResponse> ResolveAsync(string incidentId, string? comment = null, string? actor = null) =>
        PostAsync($"{AlertPath(incidentId)}/resolve", new JsonObject { ["comment"] = comment, ["actor"] = actor }.ToJsonString());

    public async Task<SeenAlert> GetAlertAsync(string incidentId) => (await GetAsync(AlertPath(incidentId))).Expect(200).Read<SeenAlert>();

    /// <summary>Waits until the alert fulfils the condition.</summary>
    public async Task<SeenAlert> WaitForAlertAsync(string incidentId, Func<SeenAlert, bool> condition)
    {
        var answer = await Eventually.Async(
            () => GetAsync(AlertPath(incidentId)), answer => answer.Status == 200 && condition(answer.Read<SeenAlert>()), $"alert {incidentId}");
        return answer.Read<SeenAlert>();
    }

    /// <summary>Posts the webhook of an incident and waits until its alert fires.</summary>
    public async Task<SeenAlert> FireAsync(IncidentWebhook webhook)
    {
        await PostWebhooksAsync(webhook);
        return await WaitForAlertAsync(webhook.Id, alert => alert.Fires);
    }

    /// <returns>The id of a new incident that has fired and was then resolved here.</returns>
    public async Task<string> FireAndResolveAsync(string? environment = "env-1", [CallerMemberName] string test = "")
    {
        var id = IncidentWebhook.NewId(test);
        await FireAsync(IncidentWebhook.New(id) with { EnvironmentId = environment });
        (await ResolveAsync(id, "fixed", "ada")).Expect(202);
        return id;
    }

    public async Task<SeenPage> ListAsync(string query) => (await GetAsync($"/api/alerts?{query}")).Expect(200).Read<SeenPage>();

    public Uri At(string path) => new(setup.BaseUrl, path);

    /// <summary>Sends the request unchanged: no key is added.</summary>
    public static async Task<TextResponse> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            try
            {
                using var response = await Http.SendAsync(request);
                return await TextResponse.FromAsync(response);
            }
            // HttpClient does not wrap it where a host dies while a connection to it is made.
            catch (SocketException e)
            {
                throw new HttpRequestException(e.Message, e);
            }
        }
    }

    public HttpRequestMessage WithKey(HttpRequestMessage request)
    {
        request.Headers.Add("x-functions-key", setup.FunctionKey);
        return request;
    }

    public static string AlertPath(string incidentId) => $"/api/alerts/{Uri.EscapeDataString(incidentId)}";

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
