namespace BigPanda.LocalHost.Hosting;

/// <summary>What somebody needs to use the running host; written to setup.json for scripts and printed for people.</summary>
internal sealed record Setup(
    Uri BaseUrl, string FunctionKey, string SourceId, Uri CallbackUrl, string BearerToken, Uri? SimulatorUrl)
{
    public const string FileName = "setup.json";

    public void WriteTo(string directory) => PrivateFile.Write(Path.Combine(directory, FileName), this, HostingJson.Default.Setup);

    // A record prints its members; these must not reach a log.
    public override string ToString() => nameof(Setup);
}
