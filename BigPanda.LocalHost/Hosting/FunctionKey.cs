using System.Security.Cryptography;
using System.Text;

namespace BigPanda.LocalHost.Hosting;

/// <summary>This host's only key: valid for functions and the admin route, like a function app's master key.</summary>
internal sealed class FunctionKey(string key)
{
    private const string Header = "x-functions-key";
    private const string QueryParameter = "code";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    public bool Admits(HttpRequest request) =>
        Matches(request.Headers[Header]) || (request.QueryString.HasValue && Matches(request.Query[QueryParameter]));

    private bool Matches(string? presented) =>
        !string.IsNullOrEmpty(presented) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented), _key);
}
