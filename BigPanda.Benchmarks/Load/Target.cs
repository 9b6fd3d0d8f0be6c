namespace BigPanda.Benchmarks.Load;

/// <summary>An endpoint that accepts webhooks.</summary>
internal sealed record Target(int Port, string Path, string Token)
{
    public static Target Of(Uri url, string token) => new(url.Port, url.PathAndQuery, token);
}
