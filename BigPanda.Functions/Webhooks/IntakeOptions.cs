using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Webhooks;

public sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>The largest webhook body taken, in bytes. Default 8 MiB; 1 KiB to 32 MiB.</summary>
    [Range(1024, 32 * 1024 * 1024, ErrorMessage = "The setting Intake__MaxBodyBytes must be from 1024 to 33554432.")]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class IntakeOptionsValidator : IValidateOptions<IntakeOptions>;
