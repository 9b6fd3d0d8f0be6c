namespace BigPanda.Functions.Console.Api;

public sealed class ConsoleOptions
{
    public const string Section = "Console";

    internal const string Key = "key";
    internal const string Entra = "entra";

    /// <summary><c>key</c>: people sign in with a function key. <c>entra</c>: with Entra ID, through the platform. Default key.</summary>
    public string SignIn { get; set; } = Key;

    /// <summary>The only tenant whose people may sign in; its id. Needed with <c>entra</c>.</summary>
    public string TenantId { get; set; } = "";

    internal bool UsesEntra => SignIn == Entra;

    internal Guid Tenant => Guid.Parse(TenantId);

    internal bool HasTenant => Guid.TryParseExact(TenantId, "D", out var tenant) && tenant != Guid.Empty;
}
