using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Hosting;

/// <summary>The addresses and keys of the running host: saved in setup.json for scripts, printed for people.</summary>
internal sealed record Setup(
    Uri BaseUrl, string FunctionKey, string SourceId, Uri CallbackUrl, string BearerToken, Uri? SimulatorUrl)
{
    /// <summary>Of the simulated PagerDuty; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Uri? PagerDutyUrl { get; init; }

    public const string FileName = "setup.json";

    /// <summary>Another instance of the same host.</summary>
    public Setup At(Uri baseUrl) => this with { BaseUrl = baseUrl, CallbackUrl = new Uri(baseUrl, CallbackUrl.AbsolutePath) };

    public void WriteTo(string directory) => PrivateFile.Write(Path.Combine(directory, FileName), this, HostingJson.Default.Setup);

    // A record prints its members; secrets must not reach a log.
    public override string ToString() => nameof(Setup);
}
