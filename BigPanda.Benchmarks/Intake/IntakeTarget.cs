namespace BigPanda.Benchmarks.Intake;

/// <param name="Server">The server's name for <c>serve</c>.</param>
internal sealed record IntakeTarget(string Server, string What)
{
    public static IReadOnlyList<IntakeTarget> All { get; } =
    [
        new("parse", "bare Kestrel + token + parse"),
        new("fsync", "  + shared group commit"),
        new("stub", "intake, queue stores nothing"),
        new("intake", "local host, nothing applied"),
        new("host", "local host, applying as well"),
    ];
}
