using System.Security.Cryptography;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources.Api;

/// <summary>Creates, changes and deletes sources. A change takes effect here before the call returns, on other instances within half a minute.</summary>
public sealed partial class SourceService(
    SourceStore store, SourceUsageStore usages, SourceCatalog catalog, IEnumerable<SourceCleanup> cleanups, TimeProvider time,
    ILogger<SourceService> logger)
{
    private const string IdLetters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int IdLength = 12;

    internal async Task<(AlertSource Source, NewToken Token)> CreateAsync(NewSource wanted, CancellationToken cancellationToken)
    {
        var token = NewToken.Random(time.GetUtcNow());
        var source = Build(RandomNumberGenerator.GetString(IdLetters, IdLength), wanted, token);
        await store.AddAsync(source, cancellationToken);
        Log.Created(logger, source.Id, source.Name);
        await catalog.RefreshAsync(cancellationToken);
        return (source, token);
    }

    /// <returns>The changed source; null when it does not exist.</returns>
    internal async Task<AlertSource?> ChangeAsync(string id, Func<AlertSource, NewSource> change, CancellationToken cancellationToken)
    {
        var changed = await store.ChangeAsync(id, source => Apply(source, change(source)), cancellationToken);
        if (changed is null) return null;
        Log.Changed(logger, id, changed.Name);
        await catalog.RefreshAsync(cancellationToken);
        return changed;
    }

    /// <summary>Ensures that a source with this id exists and has this token, which may replace its oldest one.</summary>
    internal async Task EnsureAsync(string id, NewSource wanted, string bearerToken, CancellationToken cancellationToken)
    {
        var token = NewToken.Of(bearerToken, time.GetUtcNow());
        if (await store.ChangeAsync(id, source => WithToken(source, token.Stored), cancellationToken) is null)
            await store.AddAsync(Build(id, wanted, token), cancellationToken);
        await catalog.RefreshAsync(cancellationToken);
    }

    /// <returns>The source, null when it does not exist; and its new token, null when it already has two.</returns>
    internal async Task<(AlertSource? Source, NewToken? Token)> AddTokenAsync(string id, CancellationToken cancellationToken)
    {
        var token = NewToken.Random(time.GetUtcNow());
        var changed = await store.ChangeAsync(
            id,
            source => source.Tokens.Count >= AlertSource.MaxTokens ? source : source with { Tokens = [.. source.Tokens, token.Stored] },
            cancellationToken);
        if (changed is null || changed.Tokens.All(stored => stored.Id != token.Stored.Id)) return (changed, null);
        Log.TokenAdded(logger, id, token.Stored.Prefix);
        await catalog.RefreshAsync(cancellationToken);
        return (changed, token);
    }

    internal async Task<TokenRemoval> RemoveTokenAsync(string id, string tokenId, CancellationToken cancellationToken)
    {
        var result = TokenRemoval.Unknown;
        await store.ChangeAsync(
            id,
            source =>
            {
                // Missing on a retry: the first attempt was saved and its response lost, or another request removed the token.
                if (source.Tokens.All(token => token.Id != tokenId)) return source;
                result = source.Tokens.Count == 1 ? TokenRemoval.LastOne : TokenRemoval.Done;
                return result == TokenRemoval.Done ? source with { Tokens = [.. source.Tokens.Where(token => token.Id != tokenId)] } : source;
            },
            cancellationToken);
        if (result != TokenRemoval.Done) return result;
        Log.TokenRemoved(logger, id, tokenId);
        await catalog.RefreshAsync(cancellationToken);
        return result;
    }

    internal async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var (exists, kind) = await store.FindKindAsync(id, cancellationToken);
        if (!exists) return false;
        // The source last: if a step fails, the request can be repeated.
        foreach (var cleanup in cleanups.Where(cleanup => kind is null || cleanup.Kind == kind)) await cleanup.RemoveAsync(id, cancellationToken);
        await usages.RemoveAsync(id, cancellationToken);
        await store.RemoveAsync(id, cancellationToken);
        Log.Removed(logger, id);
        await catalog.RefreshAsync(cancellationToken);
        return true;
    }

    private AlertSource Build(string id, NewSource wanted, NewToken token)
    {
        var source = new AlertSource
        {
            Id = id,
            Name = id,
            Kind = wanted.FindKind() ?? throw new ArgumentException("The kind is unknown.", nameof(wanted)),
            HeaderName = wanted.AuthHeader ?? AlertSource.UsualHeader,
            Format = wanted.Format,
            CreatedAt = time.GetUtcNow(),
            Tokens = [token.Stored],
        };
        return Apply(source, wanted);
    }

    private static AlertSource Apply(AlertSource source, NewSource wanted) => source with
    {
        Name = wanted.Name ?? source.Name,
        AppKey = wanted.AppKey,
        TitleTemplate = wanted.TitleTemplate,
        SilentAfterHours = wanted.SilentAfterHours,
        OneTime = wanted.OneTime,
        Flatten = wanted.Flatten,
        OkAfterHours = wanted.OkAfterHours,
    };

    private static AlertSource WithToken(AlertSource source, SourceToken token) => source.Tokens.Any(known => known.Id == token.Id)
        ? source
        : source with { Tokens = [.. source.Tokens.TakeLast(AlertSource.MaxTokens - 1), token] };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Created source {SourceId}: {Name}")]
        public static partial void Created(ILogger logger, string sourceId, string name);

        [LoggerMessage(2, LogLevel.Information, "Added token {Prefix}… to source {SourceId}")]
        public static partial void TokenAdded(ILogger logger, string sourceId, string prefix);

        [LoggerMessage(3, LogLevel.Information, "Deleted token {TokenId} of source {SourceId}")]
        public static partial void TokenRemoved(ILogger logger, string sourceId, string tokenId);

        [LoggerMessage(4, LogLevel.Information, "Deleted source {SourceId}")]
        public static partial void Removed(ILogger logger, string sourceId);

        [LoggerMessage(5, LogLevel.Information, "Changed source {SourceId}: {Name}")]
        public static partial void Changed(ILogger logger, string sourceId, string name);
    }
}

internal enum TokenRemoval
{
    Done,
    Unknown,

    /// <summary>Refused: without a token a source accepts nothing. Delete the source instead.</summary>
    LastOne,
}
